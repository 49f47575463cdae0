"""The page at the proxy's own address, and the API behind it that tests and scripts use as well.

`api` is the way in: a request to `/` or under `/_rechat/`, and its response.
"""
