"""Secrets of every kind, made up and put together when a test runs: none stands in a file, so no
scanner takes one for real.
"""

import base64
import random
import string
from collections.abc import Callable
from dataclasses import dataclass

_LETTERS = string.ascii_letters + string.digits
_LOWER = string.ascii_lowercase + string.digits
_UPPER = string.ascii_uppercase + string.digits
_HEX = "0123456789abcdef"
_URL = _LETTERS + "-_"
_CONSONANTS = "bcdfgklmrz"
_BASE32 = string.ascii_uppercase + "234567"


@dataclass(frozen=True, slots=True)
class Planted:
    """A text as people write it, and what of it must never be kept."""

    text: str
    secret: str


type _Make = Callable[[random.Random], Planted]


def _alone(*pieces: str | tuple[str, int]) -> _Make:
    """A secret that is known by itself: texts, and so many characters of an alphabet."""

    def make(chance: random.Random) -> Planted:
        secret = "".join(
            piece if isinstance(piece, str) else "".join(chance.choices(piece[0], k=piece[1]))
            for piece in pieces
        )
        return Planted(secret, secret)

    return make


def _within(before: str, make: _Make, after: str = "") -> _Make:
    """A secret that is known by what stands around it."""

    def made(chance: random.Random) -> Planted:
        planted = make(chance)
        return Planted(before + planted.text + after, planted.secret)

    return made


def _basic(chance: random.Random) -> Planted:
    word = "".join(chance.choices(_LETTERS, k=12))
    secret = base64.b64encode(f"user:{word}".encode()).decode()
    return Planted(f"Authorization: Basic {secret}", secret)


def _pem(label: str) -> _Make:
    def make(chance: random.Random) -> Planted:
        lines = ["".join(chance.choices(_LETTERS + "+/", k=64)) for _ in range(4)]
        begin, end = f"-----BEGIN {label}-----", f"-----END {label}-----"
        return Planted("\n".join([begin, *lines, end]), lines[2])

    return make


def _jwt(chance: random.Random) -> Planted:
    def part(text: str) -> str:
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    name = "".join(chance.choices(_LOWER, k=12))
    signature = "".join(chance.choices(_URL, k=43))
    head, claims = '{"alg":"HS256","typ":"JWT"}', f'{{"sub":"{name}","iat":1700000000}}'
    secret = f"{part(head)}.{part(claims)}.{signature}"
    return Planted(secret, signature)


def _uuid(*before: str) -> _Make:
    dashed: list[str | tuple[str, int]] = [
        (_HEX, 8),
        "-",
        (_HEX, 4),
        "-",
        (_HEX, 4),
        "-",
        (_HEX, 4),
        "-",
        (_HEX, 12),
    ]
    return _alone(*before, *dashed)


def _service_account(chance: random.Random) -> Planted:
    key = _pem("PRIVATE KEY")(chance)
    escaped = key.text.replace("\n", "\\n")
    return Planted(f'{{"type": "service_account", "private_key": "{escaped}\\n"}}', key.secret)


_PASSWORD = _alone("p4", (_LETTERS, 12))

KINDS: dict[str, _Make] = {
    # Language models
    "OpenAI": _alone("sk-", (_LETTERS, 20), "T3Blbk", "FJ", (_LETTERS, 20)),
    "OpenAI project": _alone("sk-", "proj-", (_URL, 74), "T3Blbk", "FJ", (_URL, 74)),
    "OpenAI service account": _alone("sk-", "svcacct-", (_URL, 58), "T3Blbk", "FJ", (_URL, 58)),
    "OpenAI admin": _alone("sk-", "admin-", (_URL, 58), "T3Blbk", "FJ", (_URL, 58)),
    "Anthropic API": _alone("sk-", "ant-api03-", (_URL, 93), "AA"),
    "Anthropic admin": _alone("sk-", "ant-admin01-", (_URL, 93), "AA"),
    "Anthropic subscription": _alone("sk-", "ant-oat01-", (_URL, 86)),
    "Google API key": _alone("AI", "za", (_URL, 35)),
    "Hugging Face": _alone("hf", "_", (string.ascii_letters, 34)),
    "Replicate": _alone("r8", "_", (_LETTERS, 37)),
    "Groq": _alone("gs", "k_", (_LETTERS, 52)),
    "xAI": _alone("xa", "i-", (_LETTERS, 80)),
    "Perplexity": _alone("ppl", "x-", (_LETTERS, 48)),
    "Mistral": _within("MISTRAL_API_KEY=", _alone((_LETTERS, 32))),
    "Cohere": _within("CO_API_KEY=", _alone((_LETTERS, 40))),
    "Together": _within("TOGETHER_API_KEY: ", _alone((_HEX, 64))),
    "OpenRouter": _alone("sk-", "or-v1-", (_HEX, 64)),
    "Fireworks": _alone("fw", "_", (_LETTERS, 24)),
    "DeepSeek": _alone("sk", "-", (_HEX, 32)),
    "LangSmith": _alone("lsv2", "_pt_", (_HEX, 32), "_", (_HEX, 10)),
    "Langfuse secret": _uuid("sk-", "lf-"),
    "Langfuse public": _uuid("pk-", "lf-"),
    "Pinecone": _alone("pc", "sk_", (_LETTERS, 6), "_", (_LETTERS, 63)),
    "Weights & Biases": _within("WANDB_API_KEY=", _alone((_HEX, 40))),
    # Clouds
    "Google OAuth": _alone("ya", "29.", (_URL, 120)),
    "Google client secret": _alone("GOC", "SPX-", (_URL, 28)),
    "Google service account": _service_account,
    "AWS key": _alone("AK", "IA", (_BASE32, 16)),
    "AWS temporary key": _alone("AS", "IA", (_BASE32, 16)),
    "AWS secret": _within("aws_secret_access_key = ", _alone((_LETTERS + "+/", 40))),
    "AWS secret in JSON": _within('"SecretAccessKey": "', _alone((_LETTERS + "+/", 40)), '"'),
    "Azure storage": _within(
        "DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=",
        _alone((_LETTERS + "+/", 86), "=="),
        ";EndpointSuffix=core.windows.net",
    ),
    "Azure SAS": _within(
        "https://acc.blob.core.windows.net/c/f?sv=2024-11-04&se=2026-01-01&sp=r&sig=",
        _alone((_LETTERS, 20), "%2B", (_LETTERS, 20), "%3D"),
    ),
    "Azure client secret": _alone((_LETTERS, 3), "8", "Q~", (_LETTERS + "_~.-", 33), "a"),
    "Azure OpenAI": _within("api-key: ", _alone((_HEX, 32))),
    "DigitalOcean": _alone("dop", "_v1_", (_HEX, 64)),
    "Heroku": _within("HEROKU_API_KEY=", _uuid()),
    "Heroku 2": _alone("HRKU", "-AA", (_URL, 58)),
    "Cloudflare": _within("CLOUDFLARE_API_TOKEN=", _alone((_URL, 39), "7")),
    "Cloudflare 2": _alone("cfu", "t_", (_LETTERS, 48)),
    "Fastly": _within("FASTLY_API_TOKEN=", _alone((_URL, 31), "7")),
    "Netlify": _alone("nf", "p_", (_LETTERS, 36)),
    "Vercel": _within("VERCEL_TOKEN=", _alone((_LETTERS, 24))),
    "Fly.io": _alone("fm", "2_", (_LETTERS + "+/", 160), "=="),
    "Databricks": _alone("da", "pi", (_HEX, 32)),
    "Snowflake": _within('snowflake.connect(password="', _PASSWORD, '")'),
    "Supabase": _alone("sb", "p_", (_HEX, 40)),
    "PlanetScale": _alone("pscale", "_tkn_", (_URL, 43)),
    "PostgreSQL": _within("postgresql://app:", _PASSWORD, "@db.internal:5432/app"),
    "MySQL": _within("mysql://root:", _PASSWORD, "@10.0.0.5/shop"),
    "MongoDB": _within("mongodb+srv://me:", _PASSWORD, "@c0.abcde.mongodb.net/?retryWrites=true"),
    "Redis": _within("redis://:", _PASSWORD, "@cache:6379/0"),
    "AMQP": _within("amqps://guest:", _PASSWORD, "@mq/vhost"),
    "Vault": _alone("hv", "s.", (_URL, 95)),
    "Terraform Cloud": _alone((_LETTERS, 14), ".atla", "sv1.", (_URL, 67)),
    "Doppler": _alone("dp.", "pt.", (_LETTERS, 43)),
    "Tailscale": _alone("tskey", "-auth-", (_LETTERS, 16), "-", (_LETTERS, 32)),
    "age": _alone("AGE-SECRET", "-KEY-1", ("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)),
    # Code and packages
    "GitHub personal": _alone("gh", "p_", (_LETTERS, 36)),
    "GitHub OAuth": _alone("gh", "o_", (_LETTERS, 36)),
    "GitHub user": _alone("gh", "u_", (_LETTERS, 36)),
    "GitHub server": _alone("gh", "s_", (_LETTERS, 36)),
    "GitHub refresh": _alone("gh", "r_", (_LETTERS, 36)),
    "GitHub fine-grained": _alone("github", "_pat_", (_LETTERS, 22), "_", (_LETTERS, 59)),
    "GitLab personal": _alone("gl", "pat-", (_URL, 20)),
    "GitLab routable": _alone("gl", "pat-", (_URL, 27), ".", (_LOWER, 2), (_LOWER, 7)),
    "GitLab deploy": _alone("gl", "dt-", (_URL, 20)),
    "GitLab trigger": _alone("gl", "ptt-", (_HEX, 40)),
    "GitLab runner": _alone("gl", "rt-", (_URL, 20)),
    "Bitbucket": _alone("AT", "BB", (_LETTERS, 32)),
    "npm": _alone("np", "m_", (_LETTERS, 36)),
    "PyPI": _alone("py", "pi-AgEIcHlwaS5vcmc", (_URL, 120)),
    "RubyGems": _alone("ruby", "gems_", (_HEX, 48)),
    "Docker Hub": _alone("dckr", "_pat_", (_URL, 27)),
    "Sourcegraph": _alone("sg", "p_", (_HEX, 16), "_", (_HEX, 40)),
    "Postman": _alone("PM", "AK-", (_HEX, 24), "-", (_HEX, 34)),
    # Talking
    "Slack bot": _alone(
        "xo", "xb-", ("123456789", 12), "-", ("123456789", 12), "-", (_LETTERS, 24)
    ),
    "Slack user": _alone("xo", "xp-", ("123456789", 12), "-", ("123456789", 12), "-", (_HEX, 32)),
    "Slack app": _alone("xa", "pp-1-A", (_UPPER, 10), "-", ("123456789", 13), "-", (_HEX, 64)),
    "Slack hook": _within(
        "https://",
        _alone(
            "hooks.slack", ".com/services/T", (_UPPER, 8), "/B", (_UPPER, 10), "/", (_LETTERS, 24)
        ),
    ),
    "Discord bot": _alone("M", (_LETTERS, 25), ".G", (_LETTERS, 5), ".", (_URL, 37), "a"),
    "Discord hook": _within(
        "https://", _alone("discord", ".com/api/webhooks/", ("123456789", 18), "/", (_URL, 68))
    ),
    "Telegram": _within("7012345678:", _alone("A", "A", (_URL, 32), "x")),
    "Twilio key": _alone("S", "K", (_HEX, 32)),
    "Twilio token": _within("TWILIO_AUTH_TOKEN=", _alone((_HEX, 32))),
    "SendGrid": _alone("S", "G.", (_URL, 22), ".", (_URL, 43)),
    "Mailgun": _alone("ke", "y-", (_HEX, 32)),
    "Mailchimp": _alone((_HEX, 32), "-u", "s12"),
    # Money and shops
    "Stripe secret": _alone("sk", "_live_", (_LETTERS, 24)),
    "Stripe restricted": _alone("rk", "_live_", (_LETTERS, 24)),
    "Stripe hook": _alone("wh", "sec_", (_LETTERS, 32)),
    "Square": _alone("sq0", "atp-", (_URL, 22)),
    "Braintree": _alone("access", "_token$production$", (_LOWER, 16), "$", (_HEX, 32)),
    "PayPal": _within("PAYPAL_CLIENT_SECRET=", _alone("E", (_URL, 78), "7")),
    "Shopify": _alone("sh", "pat_", (_HEX, 32)),
    # Watching
    "Sentry": _alone("sn", "trys_", "eyJpYXQiO", (_LETTERS, 80), "_", (_LETTERS, 43)),
    "Sentry DSN": _within("https://", _alone((_HEX, 32)), "@o12345.ingest.sentry.io/67890"),
    "Datadog": _within("DD_API_KEY=", _alone((_HEX, 32))),
    "Datadog app": _within("DD_APP_KEY: ", _alone((_HEX, 40))),
    "New Relic": _alone("NR", "AK-", (_UPPER, 27)),
    "Grafana service": _alone("gl", "sa_", (_LETTERS, 32), "_", (_HEX, 8)),
    "Grafana Cloud": _alone("gl", "c_", (_LETTERS, 120)),
    # Work
    "Atlassian": _alone("AT", "ATT3xFfGF0", (_URL, 170), "=", (_UPPER, 8)),
    "Linear": _alone("lin", "_api_", (_LETTERS, 40)),
    "Notion": _alone("nt", "n_", ("0123456789", 11), (_LETTERS, 35)),
    "Notion old": _alone("secr", "et_", (_LETTERS, 43)),
    "Figma": _alone("fi", "gd_", (_URL, 40)),
    "Airtable": _alone("pa", "t", (_LETTERS, 14), ".", (_HEX, 64)),
    "Asana": _within("1/1203456789012345:", _alone((_HEX, 32))),
    "Okta": _alone("0", "0", (_URL, 40)),
    "Auth0": _within("AUTH0_CLIENT_SECRET=", _alone((_URL, 63), "7")),
    # HTTP and files
    "Basic": _basic,
    "Bearer": _within("Authorization: Bearer ", _alone((_LETTERS, 40))),
    "JWT": _jwt,
    "RSA key": _pem("RSA PRIVATE" + " KEY"),
    "EC key": _pem("EC PRIVATE" + " KEY"),
    "OpenSSH key": _pem("OPENSSH PRIVATE" + " KEY"),
    "PGP key": _pem("PGP PRIVATE" + " KEY BLOCK"),
    "PKCS#8 key": _pem("PRIVATE" + " KEY"),
    "Cookie": _within("Cookie: theme=dark; sid=", _alone((_LETTERS, 32))),
    "Set-Cookie": _within("Set-Cookie: session=", _alone((_LETTERS, 40)), "; Path=/; HttpOnly"),
    "Session": _within("JSESSIONID=", _alone((_UPPER, 32))),
    "URL with a password": _within("https://me:", _PASSWORD, "@git.example.com/x.git"),
    "password in a file": _within("DB_PASSWORD=", _PASSWORD),
    "mysql -p": _within("mysql -u root -p", _PASSWORD, " shop"),
    "docker login": _within("docker login -u me -p ", _PASSWORD, " ghcr.io"),
    "curl -u": _within("curl -sS -u me:", _PASSWORD, " https://x.example"),
    "a .pgpass": _within("db.example.com:5432:app:me:", _PASSWORD),
    "a .netrc": _within("machine h.example.com login me password ", _PASSWORD),
    "a .npmrc": _within("//r.example.com/:_authToken=", _uuid()),
    "Kubernetes": _within("kind: Secret data: {pg: ", _alone((_LETTERS, 30), "=="), "}"),
    "a hash": _within("me:", _alone("$2", "y$05$", (_LETTERS, 53))),
    "a variable": _within('{"name": "API_KEY", "value": "', _alone((_HEX, 32)), '"}'),
    "Exa": _within("EXA_API_KEY=", _uuid()),
    "Brave": _alone("B", "SA", (_URL, 27), "7"),
    "Composio": _alone("a", "k_", (_URL, 19), "7"),
    "Facebook": _alone("E", "AAG", (_LETTERS, 180)),
    "Twitch": _within("oauth:", _alone((_LOWER, 29), "7")),
    "Teams": _within(
        "https://x.webhook.office.com/webhookb2/1/Incoming",
        _alone("Web", "hook/", (_HEX, 32), "/", (_HEX, 8), "-1111-2222-3333-", (_HEX, 12)),
    ),
    "Sidekiq": _within(
        "BUNDLE_ENTERPRISE__CONTRIBSYS__COM=", _alone("c", (_HEX, 7), ":", (_HEX, 7), "7")
    ),
    "Bundler": _within("export BUNDLE_GEMS__EXAMPLE__COM=me:", _PASSWORD),
    "Beamer": _alone("b", "_", (_LOWER, 43), "7"),
    "Mapbox, public": _alone("p", "k.", (_LOWER, 60), ".", (_LOWER, 22)),
    "SettleMint": _alone("sm", "_pat_", (_LETTERS, 15), "7"),
    "42": _alone("s-s4t2", "ud-", (_HEX, 64)),
    "Yandex Cloud": _alone("t", "1.", (_LETTERS, 60), ".", (_LETTERS, 86)),
    "Yandex storage": _alone("Y", "C", (_LETTERS, 37), "7"),
    "Dropbox, long-lived": _alone((_LOWER, 10), "7", "A" * 10, (_LOWER, 43)),
    "Flutterwave, encryption": _alone("FLW", "SECK_TEST", (_HEX, 12)),
    "Trello": _within("TRELLO_KEY=", _alone((_HEX, 31), "7")),
    "Dropbox app": _within("DROPBOX_APP_KEY=", _alone((_LOWER, 14), "7")),
    "service nobody knows": _within("FROBNICATOR_KEY=", _uuid()),
    "key in two parts": _within(
        "SERVICE_BUS_KEY=", _alone((_LETTERS, 18), "7=", (_LETTERS, 18), "=")
    ),
    "token after a version": _within("SERVICE_TOKEN=", _alone("v1=", (_HEX, 31), "7")),
    "Twitter": _alone("A" * 21, (_LETTERS, 60), "7%3D", (_LETTERS, 40)),
    "PubNub": _alone("sec", "-c-", (_LETTERS, 47), "7"),
    "Honeycomb": _alone("hca", "ik_", (_LETTERS, 58)),
    "WooCommerce": _alone("c", "k_", (_HEX, 40)),
    "Google HMAC": _alone("GOO", "G1E", (_UPPER, 54), "7"),
    "Tencent": _alone("AK", "ID", (_LETTERS, 31), "7"),
    "OpenAI session": _alone("se", "ss-", (_LETTERS, 40)),
    "Adyen": _alone("A", "QE", (_LETTERS, 149), "7"),
    "ClickUp": _alone("p", "k_", ("123456789", 8), "_", (_UPPER, 32)),
    "age plugin": _alone("AGE-PLUGIN-", "YUBIKEY-1", ("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 40)),
    "OpenVPN": _within(
        "-----BEGIN OpenVPN Static key V1-----\n",
        _alone((_HEX, 32), "\n", (_HEX, 32), "\n", (_HEX, 32)),
        "\n-----END OpenVPN Static key V1-----",
    ),
    "LDAP": _within("bindpw ", _PASSWORD),
    "kubectl": _within("kubectl create secret generic s --from-literal=pw=", _PASSWORD),
    "Razorpay": _alone("rz", "p_live_", (_LETTERS, 14)),
    "Mollie": _alone("li", "ve_", (_LETTERS, 29), "7"),
    "Paddle": _alone("pdl", "_live_apikey_", (_LOWER, 26), "_", (_LETTERS, 22), "_", (_LETTERS, 3)),
    "Xendit": _alone("xnd", "_production_", (_LETTERS, 60)),
    "Mercado Pago": _alone(
        "APP_", "USR-", ("123456789", 16), "-", ("123456789", 6), "-", (_HEX, 32)
    ),
    "Midtrans": _alone("Mid", "-server-", (_URL, 23), "7"),
    "Mandrill": _alone("m", "d-", (_URL, 21), "7"),
    "MailerSend": _alone("ml", "sn.", (_HEX, 64)),
    "Klaviyo": _alone("p", "k_", (_HEX, 34)),
    "Knock": _alone("s", "k_", (_URL, 42), "7"),
    "LINE": _alone((_LETTERS, 134), "1O/w1cDn", "yilFU="),
    "Lark": _within("https://open.", _uuid("feishu", ".cn/open-apis/bot/v2/hook/")),
    "RunPod": _alone("rp", "a_", (_UPPER, 40)),
    "LlamaCloud": _alone("ll", "x-", (_LETTERS, 48)),
    "Voyage by Atlas": _alone("a", "l-", (_URL, 42), "7"),
    "Browserbase": _alone("bb", "_live_", (_URL, 26), "7"),
    "Codex, refresh": _alone("r", "t_", (_LETTERS, 43), ".", (_URL, 43)),
    "Firecrawl": _alone("f", "c-", (_HEX, 32)),
    "Azure storage, alone": _alone((_LETTERS + "+/", 76), "+A", "St", (_LETTERS, 5), "Q=="),
    "Azure registry": _alone((_LETTERS, 42), "+A", "CR", (_LETTERS, 6)),
    "Azure DevOps": _alone((_LETTERS, 76), "AZ", "DO", (_LETTERS, 4)),
    "Amazon MWS": _uuid("amzn", ".mws."),
    "Confluent": _alone("cf", "lt", (_LETTERS, 59), "7"),
    "ngrok": _alone("2", (_LETTERS, 25), "7_", (_LETTERS, 20)),
    "dbt": _alone("db", "tc_", (_URL, 43)),
    "Apify": _alone("apify", "_api_", (_LETTERS, 36)),
    "Axiom": _uuid("xa", "at-"),
    "Salesforce": _within("00D0a1B2c3D4e5F!", _alone((_LETTERS, 96))),
    "Lichess": _alone("li", "p_", (_LETTERS, 19), "7"),
    "wallet": _alone("xp", "rv9s21ZrQH143K", ("123456789ABCDEFGHJKLMNPQRSTUVWXYZabc", 96)),
    "Sentry, base64": _alone(
        "sn", "trys_", "eyJpYXQiO", (_LETTERS, 80), "==_", (_LETTERS, 20), "+/", (_LETTERS, 21)
    ),
    "in German": _within("Das Passwort lautet: ", _PASSWORD),
    "in French": _within("Le mot de passe du serveur est ", _PASSWORD),
    "in Chinese": _within("密码是", _PASSWORD),
    "in Russian": _within("Пароль: ", _PASSWORD),
    "key in German": _within("Der API-Schlüssel lautet ", _alone((_LETTERS, 31), "7")),
    "in a sentence": _within("I changed the password for me to ", _PASSWORD),
    "in bold": _within("**Password:** `", _PASSWORD, "`"),
    "an account": _within("credentials: me / ", _PASSWORD),
    "with a year": _within("my password is ", _alone("Sum", "mer20", ("123456789", 2), "!")),
    "setItem": _within("localStorage.setItem('token', '", _alone((_LETTERS, 39), "7"), "')"),
    "typed": _within('const API_KEY: &str = "', _alone((_LETTERS, 31), "7"), '"'),
    "smtplib": _within("server.login('me@example.com', '", _PASSWORD, "')"),
    "cookie in a list": _within(
        '{"cookies": [{"name": "sid", "value": "', _alone((_LETTERS, 19), "7"), '", "path": "/"}]}'
    ),
    "cookie of Playwright": _within(
        '{"name": "sid", "value": "', _alone((_LETTERS, 19), "7"), '", "domain": "x.example"}'
    ),
    "header in a list": _within('{"name": "Authorization", "value": "', _PASSWORD, '"}'),
    "header in a pair": _within('[["Authorization", "', _alone((_LETTERS, 31), "7"), '"]]'),
    "Key and Value": _within('{"Key": "X-Api-Key", "Value": "', _alone((_HEX, 31), "a"), '"}'),
    "parameter of a stack": _within(
        '{"ParameterKey": "DBPassword", "ParameterValue": "', _PASSWORD, '"}'
    ),
    "IMAP": _within("a1 LOGIN me@example.com ", _PASSWORD),
    "SMTP": _within("AUTH PLAIN ", _alone("AG1l", "AH", (_LETTERS, 18))),
    "word": _within('The password is "', _alone((_CONSONANTS, 9)), '"'),
    "words": _within(
        "password: ",
        _alone(
            (_CONSONANTS, 6), "-", (_CONSONANTS, 5), "-", (_CONSONANTS, 6), "-", (_CONSONANTS, 5)
        ),
    ),
    "word in a program": _within("db_password = '", _alone((_CONSONANTS, 9)), "'"),
    "Ansible": _within(
        "$ANSIBLE_VAULT;1.1;AES256\n", _alone(("0123456789", 80)), "\n313233343536373839303132"
    ),
    "Go, of MySQL": _within('sql.Open("mysql", "me:', _PASSWORD, '@tcp(db:3306)/app")'),
    "Oracle": _within("jdbc:oracle:thin:me/", _PASSWORD, "@//db:1521/x"),
    "Java": _within('dataSource.setPassword("', _PASSWORD, '")'),
    "C#": _within('public string ApiKey { get; set; } = "', _alone((_LETTERS, 31), "7"), '"'),
    "curl -b": _within("curl -b 'sid=", _alone((_LETTERS, 19), "7"), "' https://x.example"),
    "Wi-Fi of Windows": _within("Key Content            : ", _PASSWORD),
    "key in a URL": _within("https://api.example.com/v1?api_key=", _alone((_LETTERS, 32))),
}
"""What makes a secret of each kind."""


def planted(seed: int) -> dict[str, Planted]:
    """A secret of each kind: others for another seed, of the same looks."""
    chance = random.Random(seed)
    return {kind: make(chance) for kind, make in KINDS.items()}
