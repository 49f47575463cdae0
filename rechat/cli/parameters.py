"""The parameters that several commands share, as `--help` describes them."""

from pathlib import Path
from typing import Annotated

import typer

from rechat.cli.help import completion
from rechat.cli.options import EVERY_DUMP
from rechat.cli.options import FOLDER

Upstreams = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[UPSTREAM]...",
        help="API to ask, as URL[:LOCAL_PORT][:MODEL][*WEIGHT] (default: "
        "https://api.openai.com/v1). Several are chosen by model; those for the same model share "
        "its requests, and if one fails, the next is asked.",
    ),
]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[PATH]...",
        autocompletion=completion.transcripts,
        help=f"Transcripts, or folders of them (default: {FOLDER}).",
    ),
]
Port = Annotated[
    int,
    typer.Option(
        "--port",
        "-p",
        envvar="RECHAT_PORT",
        min=0,
        max=65535,
        metavar="PORT",
        help="Port to listen on; 0 picks a free one.",
    ),
]
ServerPort = Annotated[
    int,
    typer.Option(
        "--port",
        "-p",
        envvar="RECHAT_PORT",
        min=0,
        max=65535,
        metavar="PORT",
        help="Port of the running server.",
    ),
]
Host = Annotated[
    str, typer.Option(envvar="RECHAT_HOST", metavar="HOST", help="Address to listen on.")
]
Modes = Annotated[
    list[str] | None,
    typer.Option(
        "--mode",
        metavar="MODE",
        help="Also run this mode of mitmproxy, such as local:python or transparent; repeatable.",
    ),
]
ModesOfRun = Annotated[
    list[str] | None,
    typer.Option(
        "--mode",
        metavar="MODE",
        help="Also run this mode of mitmproxy; repeatable. local intercepts the command and all "
        "that it starts, on macOS and Windows every program.",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Set an option of mitmproxy; repeatable."),
]
Flows = Annotated[
    list[str] | None,
    typer.Option(
        "--flow",
        "-f",
        metavar="[DUMP]",
        help="Also answer from this dump of mitmproxy; repeatable. "
        f"Without DUMP: every {EVERY_DUMP} in the working folder.",
    ),
]
Origins = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-origin",
        metavar="ORIGIN",
        help="Let web pages of this origin (https://app.example.com) use the server; those of "
        "this machine always may. Repeatable.",
    ),
]
Authority = Annotated[
    Path | None,
    typer.Option(
        "--ca",
        metavar="FILE",
        help="Also trust the certificates in this file (PEM) for upstreams, in addition to "
        "the public ones and those of SSL_CERT_FILE.",
    ),
]
Diff = Annotated[
    bool,
    typer.Option("--diff", help="On a miss, print all differences from the nearest transcript."),
]
Accept = Annotated[
    bool,
    typer.Option(
        "--accept",
        help="On a miss that is an edited prompt, replace the old prompt above the nearest "
        "answer with it, if it is clear which is meant. Each changed file is named.",
    ),
]
Fuzzy = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        metavar="RATIO",
        help="On a miss, serve the closest transcript if its similarity is at least RATIO.",
    ),
]
Pace = Annotated[
    str,
    typer.Option(
        metavar="PACE",
        autocompletion=completion.paces,
        help="How fast answers are sent: none (at once), recorded (as they came), or "
        "RATE[:FIRST] (tokens per second, and seconds before the first).",
    ),
]
Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Print whole conversations, not only the new messages."),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        envvar="RECHAT_QUIET",
        help="Print the address, then only misses and errors.",
    ),
]
Poll = Annotated[
    bool,
    typer.Option(
        "--poll",
        help="Look for edited transcripts every second, instead of waiting for the system to "
        "report them: for network drives and shared folders that it does not watch.",
    ),
]
UntilEof = Annotated[
    bool,
    typer.Option(
        "--until-eof",
        help="Stop when standard input is closed, for programs that start rechat.",
    ),
]
OnMiss = Annotated[
    str,
    typer.Option(
        "--on-miss",
        metavar="POLICY",
        autocompletion=completion.policies,
        help="When no transcript answers: record (ask the upstream and save), replay (refuse), or "
        "hold (wait until a person has answered). Always ask the upstream: rerecord (and replace "
        "what is saved), or live (and save nothing).",
    ),
]
Takes = Annotated[
    int, typer.Option(min=1, metavar="N", help="Record up to N responses per request.")
]
FirstByte = Annotated[
    float | None,
    typer.Option(
        "--first-byte",
        min=0.001,
        metavar="SECONDS",
        help="Ask the next upstream of the model if one has not begun to answer after this "
        "time. Default: 60 s for a stream, 300 s otherwise, and no limit for the last "
        "one.",
    ),
]
NoCoalesce = Annotated[
    bool,
    typer.Option(
        "--no-coalesce",
        help="Send every one of several equal concurrent requests to the upstream. Otherwise "
        "only the first is sent, and all get its answer.",
    ),
]
Each = Annotated[
    bool,
    typer.Option(
        "--each",
        help="Send what is recorded to every matching upstream. The client gets the answer of "
        "the first one; all are saved, as takes with the names of their upstreams.",
    ),
]
Otel = Annotated[
    str,
    typer.Option(
        "--otel",
        metavar="URL",
        help="Send a span of each request, with its messages, to this OpenTelemetry collector "
        "(OTLP over HTTP, such as http://localhost:4318).",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsJsonLines = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print one JSON object per line: the start, each exchange, a summary. Messages "
        "for people go to standard error, as with --quiet.",
    ),
]
To = Annotated[
    Path,
    typer.Option(
        "--to",
        metavar="DIR",
        envvar="RECHAT_TO",
        help="Folder of transcripts to answer from and to save to.",
    ),
]
Also = Annotated[
    list[str] | None,
    typer.Option(
        "--also",
        metavar="HOST",
        help="Also decrypt and read what programs send through the proxy to this host (HOST "
        "or HOST:PORT, with * for any part), in addition to the public APIs and the "
        "upstreams; repeatable.",
    ),
]
OnlyUpstreams = Annotated[
    bool,
    typer.Option(
        "--only-upstreams",
        help="Of the traffic through the proxy, read only requests to the upstreams and "
        "--also, not those to other public APIs.",
    ),
]
Redirect = Annotated[
    bool,
    typer.Option(
        "--redirect",
        help="Send requests through the proxy to public APIs (and --also) to the upstreams "
        "instead, without the keys for those APIs.",
    ),
]
Offline = Annotated[
    bool,
    typer.Option(
        "--offline",
        help="Refuse requests through the proxy to hosts that are not read, instead of "
        "passing them on.",
    ),
]


def is_typed(context: typer.Context, parameter: str) -> bool:
    """Whether a parameter was given on the command line, rather than by default."""
    source = context.get_parameter_source(parameter)
    return source is not None and source.name == "COMMANDLINE"
