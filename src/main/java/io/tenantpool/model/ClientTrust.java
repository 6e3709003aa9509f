package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.ClientTlsMode;

/**
 * What clients are told of TLS.
 *
 * @param authorities PEM of the certificates that vouch for every pooler; empty when the system's own do
 */
public record ClientTrust(ClientTlsMode mode, String authorities) {
    /** Plain text. */
    public static final ClientTrust PLAIN = new ClientTrust(ClientTlsMode.Disable, "");

    /** The {@code sslmode} of libpq and of the JDBC driver that goes with it. */
    public String sslMode() {
        return mode == ClientTlsMode.Disable ? "disable" : "verify-full";
    }
}
