package io.tenantpool.upstream;

import io.tenantpool.model.ServerTls;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;

/**
 * How a connection to a server is encrypted, the same as between it and the poolers.
 *
 * @param verifies whether a server without a certificate of {@code authorities} is refused
 * @param verifiesHost whether its certificate has to be for the host that was asked for, too
 * @param authorities certificates of CAs, in PEM; empty when nobody is verified
 */
public record Transport(boolean encrypted, boolean verifies, boolean verifiesHost, String authorities) {
    /** Nothing is encrypted. */
    public static final Transport PLAIN = new Transport(false, false, false, "");

    /** As poolers reach the servers of an upstream, which believe the CAs of the others, too. */
    public static Transport of(ServerTls tls, String upstream) {
        return new Transport(tls.isEncrypted(), tls.verifies(), tls.verifiesHost(), tls.authorities(upstream));
    }

    void into(PgConnectOptions options) {
        options.setSslMode(mode());
        into((NetClientOptions) options);
    }

    /** Who is believed once there is encryption; whether there is any, is another question. */
    void into(NetClientOptions options) {
        if (verifies) {
            options.setPemTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authorities)));
        } else {
            options.setTrustAll(true);
        }
        options.setHostnameVerificationAlgorithm(verifiesHost ? "HTTPS" : "");
    }

    private SslMode mode() {
        if (!encrypted) {
            return SslMode.DISABLE;
        }
        if (!verifies) {
            return SslMode.REQUIRE;
        }
        return verifiesHost ? SslMode.VERIFY_FULL : SslMode.VERIFY_CA;
    }
}
