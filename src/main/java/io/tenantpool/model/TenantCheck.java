package io.tenantpool.model;

import java.util.Optional;

/** What an engine can't serve safely. */
@FunctionalInterface
public interface TenantCheck {
    /** The first thing that is wrong, naming the field and the remedy, or empty. */
    Optional<Finding> check(TenantModel tenant);
}
