package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.Reason;

/**
 * Why something is not accepted.
 *
 * @param message names the field and the remedy; holds no secret and nothing about other tenants
 * @param revokes whether a tenant that is served already is taken out of the poolers; a mistake in a later edit is not
 *     a reason to stop what works
 * @param partial whether all but what the message names is served as it was asked for
 */
public record Finding(Reason reason, String message, boolean revokes, boolean partial) {
    public static Finding keeping(Reason reason, String message) {
        return new Finding(reason, message, false, false);
    }

    public static Finding revoking(Reason reason, String message) {
        return new Finding(reason, message, true, false);
    }

    /** Everything but what the message names is served as it was asked for. */
    public Finding asPartial() {
        return new Finding(reason, message, revokes, true);
    }
}
