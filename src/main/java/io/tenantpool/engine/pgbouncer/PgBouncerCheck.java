package io.tenantpool.engine.pgbouncer;

import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.Door;
import io.tenantpool.model.Finding;
import io.tenantpool.model.Role;
import io.tenantpool.model.TenantCheck;
import io.tenantpool.model.TenantModel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Refuses what PgBouncer's files can't hold safely. The CRD's schema refuses most of it already; this is the second
 * lock, for an API server with an older schema and for what stands in Secrets.
 */
final class PgBouncerCheck implements TenantCheck {
    @Override
    public Optional<Finding> check(TenantModel tenant) {
        return Stream.of(
                        Stream.of(poolName(tenant), database(tenant), host(tenant)),
                        tenant.roles().stream().map(PgBouncerCheck::role),
                        tenant.doors().stream().map(door -> limits(door, tenant.roles())))
                .flatMap(checks -> checks)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** A limit of a role is a line of {@code [users]}, whose key can't be quoted before PgBouncer 1.25. */
    private static Optional<Finding> limits(Door door, List<Role> roles) {
        if (door.limits().idleTransactionTimeoutSeconds() == null) {
            return Optional.empty();
        }
        return roles.stream()
                .filter(role -> !PgBouncerNames.USER_KEY.matcher(role.name()).matches())
                .findFirst()
                .map(role -> Finding.keeping(
                        Reason.NotSupported,
                        ("spec.listeners[%s].idleTransactionTimeoutSeconds: PgBouncer limits no role whose name has other"
                                        + " characters than A-Z a-z 0-9 _ . -, as '%s' has; remove the field, or use"
                                        + " another role")
                                .formatted(door.listener(), role.name())));
    }

    private static Optional<Finding> poolName(TenantModel tenant) {
        var name = tenant.poolName();
        if (!PgBouncerNames.POOL_NAME.matcher(name).matches()) {
            return invalid("spec.poolName: a pool name matches " + PgBouncerNames.POOL_NAME
                    + "; when the database's own name doesn't, set spec.poolName to one that does");
        }
        if (PgBouncerNames.RESERVED_POOL_NAMES.contains(name) || name.startsWith(PgBouncerNames.RESERVED_PREFIX)) {
            return reserved("spec.poolName: '" + name + "' is reserved; set spec.poolName to another name");
        }
        return Optional.empty();
    }

    private static Optional<Finding> database(TenantModel tenant) {
        return PgBouncerNames.DATABASE.matcher(tenant.database()).matches()
                ? Optional.empty()
                : invalid("spec.database: a database name matches " + PgBouncerNames.DATABASE);
    }

    private static Optional<Finding> host(TenantModel tenant) {
        var host = tenant.upstream().host();
        return host.length() <= PgBouncerNames.MAX_HOST_LENGTH
                        && PgBouncerNames.HOST.matcher(host).matches()
                        && tenant.upstream().port() > 0
                        && tenant.upstream().port() <= 65535
                ? Optional.empty()
                : Optional.of(Finding.keeping(
                        Reason.UpstreamNotFound,
                        "spec.upstream: the PoolerCluster's upstream has no usable host and port"));
    }

    private static Optional<Finding> role(Role role) {
        var name = role.name();
        if (!PgBouncerNames.ROLE.matcher(name).matches()) {
            return credentials("Secret " + role.source() + ": username matches " + PgBouncerNames.ROLE);
        }
        if (PgBouncerNames.RESERVED_ROLES.contains(name) || name.startsWith(PgBouncerNames.RESERVED_PREFIX)) {
            return reserved(
                    "Secret " + role.source() + ": the username '" + name + "' is reserved; use a role of your own");
        }
        var password = role.password().value();
        if (password.isEmpty()) {
            return credentials("Secret " + role.source() + ": password is empty");
        }
        if (password.chars().anyMatch(c -> c < 0x20 || c == 0x7F)) {
            return credentials("Secret " + role.source()
                    + ": password holds a control character, often a newline at its end; write it without (printf, not"
                    + " echo)");
        }
        var encoder = StandardCharsets.UTF_8.newEncoder();
        if (!encoder.canEncode(password)
                || password.contains("\uFFFD")
                || password.getBytes(StandardCharsets.UTF_8).length > PgBouncerNames.MAX_PASSWORD_BYTES) {
            return credentials("Secret " + role.source() + ": password is UTF-8 of at most "
                    + PgBouncerNames.MAX_PASSWORD_BYTES + " bytes");
        }
        return Optional.empty();
    }

    private static Optional<Finding> credentials(String message) {
        return Optional.of(Finding.keeping(Reason.CredentialsInvalid, message));
    }

    private static Optional<Finding> invalid(String message) {
        return Optional.of(Finding.keeping(Reason.NameInvalid, message));
    }

    private static Optional<Finding> reserved(String message) {
        return Optional.of(Finding.keeping(Reason.NameReserved, message));
    }
}
