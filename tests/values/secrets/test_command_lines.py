"""Passwords on command lines."""

import json

import pytest

from rechat.values.secrets import redact_text

PASSWORD = "Sup3r" + "S3cret"
TOKEN = "a1B2c3D4e5" * 4


@pytest.mark.parametrize(
    "command",
    [
        "mysql -u root -p{} shop", "mysqldump -uroot -p'{}' x > x.sql", "mariadb -h db -p{}",
        "mysqladmin -uroot -p{} ping", "sshpass -p {} ssh me@h", "sshpass -p'{}' scp a b", "7z x -p{} a.7z",
        "redis-cli -h cache -a {} ping", "redis-cli --pass {} ping", "mongosh -u me -p {} --quiet",
        "sqlcmd -S db -U sa -P {} -Q 'x'", "docker login -u me -p {} ghcr.io", "oc login -u a -p {} x",
        "helm registry login -u me -p {} x", "az login --service-principal -u a -p {} --tenant t",
        "unzip -P {} a.zip", "ldapsearch -x -D cn=a -w {} -b dc=x", "mosquitto_pub -u me -P {} -t x",
        "snmpwalk -u me -A {} -X abc", "plink -pw {} me@h", "openssl enc -aes256 -k {} -in x",
        "openssl rsa -in k -passin pass:{} -out x", "keytool -storepass {} -list", "x -keypass {} y",
        "gpg --batch --passphrase {} -d x", "app --db-password {} run", "influx -password {}",
        "wget --http-password={} https://x", "curl -ume:{} https://x", "curl --user=me:{} https://x",
        "curl -U me:{} https://x", "curl --proxy-user me:{} https://x", "http -a me:{} https://x",
        "ab -A me:{} https://x/", "lftp -u me,{} sftp://h", "smbclient //h/s -U me%{}",
        "htpasswd -bc .htpasswd me {}", "htpasswd -nbB me {}", "rabbitmqctl add_user me {}",
        "net use Z: \\\\h\\s {} /user:me", "mc alias set m http://h minio {}", "sqlplus me/{}@orcl",
        "echo {} | sudo -S ls", "echo '{}' | passwd --stdin me", "echo 'me:{}' | chpasswd",
        "echo {} | docker login --password-stdin", "xfreerdp /u:me /p:{} /v:h", "requirepass {}",
        "h:6379> AUTH {}", "/msg NickServ IDENTIFY {}", "mysql -u root \\\n  -p{} shop",
        "ConvertTo-SecureString '{}' -Force", "winrs -r:h -u:me -p:{} dir", "winrm -r:h -u:me -p:{} x",
        "psexec \\\\h -u me -p {} cmd", "PsExec64.exe \\\\h -u me -p {} cmd", "wmic /user:me /password:{} os",
        "cmdkey /add:h /user:me /pass:{}", "net user me {} /add", "schtasks /create /ru me /rp {} /tn x",
        "psexec.py me:{}@10.0.0.5 whoami", "impacket-secretsdump corp.local/me:{}@dc", "tool -password:{} x",
        "net use z: \\\\h\\s /user:me {}", "kubectl create secret generic s --from-literal=pw={}", "bindpw {}",
        'ConvertTo-SecureString -String "{}" -AsPlainText', "poetry config pypi-token.x {}", "conan user -p {} -r x me",
        'sql.Open("mysql", "me:{}@tcp(127.0.0.1:3306)/app")',
        "curl -T x ftp.example.com/me:{}@h", "scp x me:{}@h:/y",
    ],
)  # fmt: skip
def test_a_password_on_a_command_line_is_redacted(command: str) -> None:
    redacted = command.format("[redacted password]")
    for text in (command, f"$ {command} ;", json.dumps({"command": command})):
        assert PASSWORD not in redact_text(text.replace("{}", PASSWORD))
    assert redact_text(command.format(PASSWORD)) == redacted
    assert redact_text(redacted) is redacted


@pytest.mark.parametrize(
    "arguments",
    [
        ["mysql", "-u", "root", "-p{}"], ["curl", "-u", "me:{}", "https://x"], ["x", "--password", "{}"],
        ["sshpass", "-p", "{}", "ssh"], ["docker", "login", "-u", "me", "-p", "{}"],
    ],
)  # fmt: skip
def test_a_password_in_a_list_of_arguments_is_redacted(arguments: list[str]) -> None:
    written = [each.format(PASSWORD) for each in arguments]
    for text in (json.dumps(written), repr(written), json.dumps(json.dumps({"cmd": written}))):
        assert PASSWORD not in redact_text(text)


@pytest.mark.parametrize(
    "command",
    ["tool --api-key {} run", "kubectl --token {} get", "ngrok authtoken {}", "x --secret '{}'"],
)
def test_a_token_after_its_option_is_redacted(command: str) -> None:
    assert TOKEN not in redact_text(command.format(TOKEN))


@pytest.mark.parametrize(
    "text",
    [
        "mkdir -p src/a1b2/c3d4 && cp -p x1y2z3 y", "ssh -p 2222 me@host1x2y", "docker run -p 8080:80 x1y2z3",
        "mysql -u root -p shop2x3y", "mysql -P 3306 -p < dump2024x1.sql", "unzip -p a1b2c3.zip x",
        "python -m pytest -p no:cacheprovider a1b2c3d4", "git log -p a1b2c3d4e5f6", "rsync -a a1b2c3/ d4e5f6/",
        "redis-cli -p 6379 get a1b2c3", "docker compose -p proj1x2y up", "curl -u $USER1:$PASS1x2 https://x",
        "openssl req -passin file:k1x2y3", "sudo -u app1x2y ls", "--password PASSWORD  the password",
        "parser.add_argument('--api-key', default=os.environ['OPENAI_API_KEY2'])", "echo a1b2c3 | sort -u",
        "--max-tokens 4096 --model gpt-4.1-mini-2025-04-14", "--key-file /etc/a1b2c3d4e5f6g7.pem",
        "msbuild -p:Configuration1x2y=Release3z", "docker pull nginx:v1x2y3z@sha256:9f86d081", "net user /domain",
        "scp a1b2c3.tgz me@host1x2y:/srv/a1b2c3", "ssh me@h 'echo a:b1c2d3e'", "git clone git@github.com:me/a1b2c3x.git",
        "write to mailto:me1x2y3@example.com", "src/password:a file", "npm i @types/node@20.1.2 a:b",
        "mysql -u root -p$MYSQL_PASSWORD", "mysql -uroot -ppassword", "docker login -u me -p <token>",
    ],
)  # fmt: skip
def test_other_options_stay(text: str) -> None:
    assert redact_text(text) is text


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece", ["-p ", "mysql -p", "'-p', '", "docker -p ", "echo a|", "net use "]
)
def test_many_options_are_read_in_linear_time(piece: str) -> None:
    text = piece * (100_000 // len(piece)) + f" sshpass -p {PASSWORD} x"
    assert PASSWORD not in redact_text(text)


@pytest.mark.parametrize("command", ["curl -b 'a={}; b=dark' x", "curl --cookie a={} x"])
def test_the_cookies_of_a_command_are_redacted(command: str) -> None:
    assert redact_text(command.format(PASSWORD)) == command.format("[redacted cookie]")
    assert PASSWORD not in redact_text(json.dumps({"command": command.format(PASSWORD)}))


@pytest.mark.parametrize(
    "command",
    ["curl -u me:{} https://x", "app --password {} run", "ConvertTo-SecureString '{}' -Force"],
)
def test_a_password_of_words_on_a_command_line_is_redacted(command: str) -> None:
    words = "raincoat-thunder-orchard-saffron"
    assert redact_text(command.format(words)) == command.format("[redacted password]")


def test_a_passphrase_of_words_is_redacted_in_quotes() -> None:
    command = "gpg --batch --passphrase '{}' -d x"
    words = "raincoat thunder orchard"
    assert redact_text(command.format(words)) == command.format("[redacted password]")
    assert redact_text(f"gpg --passphrase FILE, {words}") == f"gpg --passphrase FILE, {words}"


@pytest.mark.parametrize(
    "command",
    [
        "curl -b cookies.txt x",
        "curl --cookie theme=dark x",
        "sort -b a=b1c2d3e4",
        "docker run -u app:raincoat x",
    ],
)
def test_options_without_a_cookie_or_an_account_stay(command: str) -> None:
    assert redact_text(command) is command
