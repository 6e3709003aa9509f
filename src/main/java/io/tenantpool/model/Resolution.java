package io.tenantpool.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A Tenant whose references were looked up. */
public sealed interface Resolution {
    TenantId id();

    long generation();

    /** When the Tenant was created, RFC 3339; with the UID it decides between Tenants that hold nothing. */
    String created();

    /**
     * Everything resolves.
     *
     * @param partial what of it is not served as it was asked for, or null
     */
    record Resolved(TenantModel model, @Nullable Finding partial) implements Resolution {
        public Resolved(TenantModel model) {
            this(model, null);
        }

        @Override
        public TenantId id() {
            return model.id();
        }

        @Override
        public long generation() {
            return model.generation();
        }

        @Override
        public String created() {
            return model.created();
        }
    }

    /**
     * The Tenant is being deleted and its clients may finish.
     *
     * @param until when the last of them has to be gone
     */
    record Leaving(TenantId id, long generation, String created, Instant until) implements Resolution {}

    /** Something does not. */
    record Refused(TenantId id, long generation, String created, Finding finding) implements Resolution {}
}
