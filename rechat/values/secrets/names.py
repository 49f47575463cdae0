"""The names of credentials: what stands under them is one, or is one if it looks random."""

import re
from functools import lru_cache

from rechat.values.secrets.kinds import is_words

NAMES = frozenset(
    {
        "access_token",
        "accesstoken",
        "api-key",
        "api_key",
        "apikey",
        "authorization",
        "authorization_token",
        "client_secret",
        "clientsecret",
        "cookie",
        "passwd",
        "password",
        "proxy-authorization",
        "refresh_token",
        "refreshtoken",
        "secret_access_key",
        "secretaccesskey",
        "set-cookie",
        "x-api-key",
        "x-goog-api-key",
    }
)
"""The names, in lower case, under which every text is secret."""

_PARAMETERS = NAMES | {
    "key",
    "se",
    "sig",
    "signature",
    "sp",
    "token",
    "x-amz-credential",
    "x-amz-security-token",
    "x-amz-signature",
    "x-goog-credential",
    "x-goog-signature",
}

# The parameters that are credentials if they look random, besides.
_TELLING_PARAMETERS = _PARAMETERS | {"api_sig", "appid", "code"}

# What a name ends in, without what joins its words: DD_API_KEY, "x-auth-token", clientSecret.
_TELLING = re.compile(
    r"(?:api|access|account|admin|app|application|auth|client|deploy|encryption|functions"
    r"|instrumentation|ingest(?:ion)?|integration|license|master|private|project|secret|service|shared|signing|storage|subscription|user|webhook|write"
    r"|adafruitio|airtable|algolia|anthropic|asana|auth0|azure|cloudflare|cohere|datadog|deepseek|fastly|gemini"
    r"|google|groq|heroku|mailchimp|mailgun|mistral|netlify|okta|openai|openrouter|pinecone|sendgrid"
    r"|stripe|supabase|together|twilio|vercel|wandb"
    r"|adafruit|beamer|bittrex|codecov|coinbase|consumer|contentful|deepgram|discord|droneci|dropbox"
    r"|etsy|facebook|finicity|finnhub|flickr|freshbooks|gitter|honeycomb|intercom|jfrog|kraken|launchdarkly"
    r"|mattermost|messagebird|meraki|nytimes|openweathermap|privateai|travisci|trello|twitch|zendesk)key(?:base|id2)?\Z"
    r"|(?<!page)(?<!next)(?<!continuation)(?<!sync)(?<!cursor)(?<!cancellation)(?<!unexpected)token\Z"
    r"|secret\Z|secretkey\Z|secretvalue\Z|passw(?:or)?d\Z|passphrase\Z|pwd\Z|credentials?\Z"
    r"|authorization\Z|(?:jsession|phpsess)id\Z|connect\.?sid\Z|dsn\Z|pat\Z|webhookurl\Z"
    r"|dockerconfigjson\Z|dockercfg\Z|sentrykey\Z"
    r"|\Abundle[a-z0-9]{1,80}(?:com|dev|io|net|org)\Z"
    r"|\Axapikey\Z|\Assws\Z|\Abearer\Z|apisecret\Z|apisig\Z|oauthsignature\Z|codeverifier\Z|samlresponse\Z|appkey\Z|xauth\Z"
)
# A variable of the environment that ends so is a credential, but for names of what a key opens
# nothing with: STATSIG_KEY, not CACHE_KEY.
_VARIABLE = re.compile(
    r"(?<![\w.-])[A-Z][A-Z0-9_]{1,60}_KEY\Z(?<!CACHE_KEY)(?<!PRIMARY_KEY)(?<!FOREIGN_KEY)(?<!PARTITION_KEY)"
    r"(?<!PUBLIC_KEY)(?<!SORT_KEY)(?<!IDEMPOTENCY_KEY)(?<!OBJECT_KEY)(?<!ROUTING_KEY)(?<!HASH_KEY)"
    r"(?<!UNIQUE_KEY)(?<!LOCK_KEY)(?<!ROW_KEY)(?<!SHARD_KEY)(?<!S3_KEY)(?<!STORE_KEY)"
)
_JOINS = re.compile(r"[_.\s-]+")
# The names that are remembered: those of the fields of some APIs.
_MOST_NAMES = 1 << 12

# A value that looks random has at least so many characters, and so many different ones.
_SHORTEST = 16
_LONGEST = 2048
_DIFFERENT = 8
_DIGIT = re.compile("[0-9]")
_LETTER = re.compile("[A-Za-z]")
# Random letters change from small to capital every fourth time, words of a name more seldom.
_CASES = re.compile("[a-z][A-Z]")
_PER_CASE = 5


@lru_cache(_MOST_NAMES)
def tells(name: str) -> bool:
    """Whether a value of this name is a credential if it looks random."""
    return bool(_TELLING.search(_JOINS.sub("", name.lower())) or _VARIABLE.search(name))


def is_parameter(name: str) -> bool:
    """Whether a parameter of a query of this name is a credential."""
    return name.lower() in _PARAMETERS


def parameter_tells(name: str) -> bool:
    """Whether a parameter of a query of this name is a credential if it looks random."""
    return name.lower() in _TELLING_PARAMETERS or tells(name)


def looks_random(value: str) -> bool:
    """Whether a value is too long, too mixed and too little like words to be anything else."""
    if value[:1] == "/":  # base64, or a path
        value = max(value.split("/"), key=len)
    return (
        _SHORTEST <= len(value) <= _LONGEST
        and bool(_LETTER.search(value))
        and (bool(_DIGIT.search(value)) or len(_CASES.findall(value)) * _PER_CASE > len(value))
        and value[0] not in ".~$"
        and len(set(value)) >= _DIFFERENT
        and not is_words(value)
    )
