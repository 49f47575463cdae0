"""All that is needed of mitmproxy's internals."""
