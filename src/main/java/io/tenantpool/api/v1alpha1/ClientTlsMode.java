package io.tenantpool.api.v1alpha1;

/** How connections between clients and poolers are encrypted. */
public enum ClientTlsMode {
    /** Always: a login in plain text is refused. */
    Require,
    /** As the client likes it. */
    Allow,
    /** Never. */
    Disable
}
