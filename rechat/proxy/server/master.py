"""mitmproxy's master, with those of its addons that a proxy needs."""

from collections.abc import Callable

from mitmproxy import exceptions
from mitmproxy import options
from mitmproxy.addons import block
from mitmproxy.addons import core
from mitmproxy.addons import disable_h2c
from mitmproxy.addons import dns_resolver
from mitmproxy.addons import next_layer
from mitmproxy.addons import proxyserver
from mitmproxy.addons import upstream_auth
from mitmproxy.master import Master

from rechat.proxy.interception.certificates import Certificates
from rechat.proxy.layers.addons import speed_up
from rechat.proxy.server.listen import Listen
from rechat.values import UsageError

# So many seconds a connection may be silent, while an upstream thinks.
_SILENCE = 24 * 3600


def master_of(listen: Listen, warn: Callable[[str], None]) -> Master:
    """A master with no more addons than it needs: the full set costs twice the time for each
    request. Raises `UsageError` for a mode or an option that is none.
    """
    try:
        chosen = options.Options(mode=listen.specs())
        master = Master(chosen)
        # It breaks logging once the loop is closed.
        master._legacy_log_events.uninstall()  # noqa: SLF001
        speed_up(master.addons)
        master.addons.add(
            core.Core(),
            block.Block(),
            disable_h2c.DisableH2C(),
            dns_resolver.DnsResolver(),
            proxyserver.Proxyserver(),
            next_layer.NextLayer(),
            Certificates(warn, for_tests=listen.for_tests),
            upstream_auth.UpstreamAuth(),
        )
        # With "eager" an upstream that is down closes the client's connection before a hit can be
        # served.
        master.options.update(
            connection_strategy="lazy",
            tcp_timeout=_SILENCE,
            ssl_verify_upstream_trusted_ca=listen.trusted or None,
        )
        master.options.set(*listen.settings)
    except (exceptions.OptionsError, ValueError) as error:
        raise UsageError(str(error)) from None
    return master
