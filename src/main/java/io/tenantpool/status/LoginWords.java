package io.tenantpool.status;

import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.Login;
import io.tenantpool.model.Progress;
import io.tenantpool.model.Verdict;

/** What a failed login says to the owner of a Tenant: what failed, the server's words, the remedy. */
final class LoginWords {
    private LoginWords() {}

    static Reason reason(Login login) {
        return switch (login) {
            case PROVEN, BUSY -> Reason.LoginSucceeded;
            case DATABASE_NOT_FOUND -> Reason.DatabaseNotFound;
            case AUTHENTICATION_FAILED -> Reason.AuthenticationFailed;
            case UPSTREAM_UNREACHABLE -> Reason.UpstreamUnreachable;
            case POOLER_UNREACHABLE -> Reason.PoolerUnreachable;
            case POOLER_REFUSED, REFUSED -> Reason.LoginRefused;
        };
    }

    static String message(Progress.Failure failure, Verdict verdict) {
        var what = "Login of role %s to %s through %s failed: "
                .formatted(failure.role(), verdict.poolName(), failure.through());
        return what + failure.detail() + remedy(failure, verdict);
    }

    private static String remedy(Progress.Failure failure, Verdict verdict) {
        return switch (failure.login()) {
            case DATABASE_NOT_FOUND -> ". Create the database; the Tenant is ready within seconds of it";
            case AUTHENTICATION_FAILED ->
                ". Make the password in Secret %s and that of the role in PostgreSQL the same"
                        .formatted(source(failure.role(), verdict));
            case UPSTREAM_UNREACHABLE ->
                ". PostgreSQL did not answer, or poolers do not believe it is the right server: check the server, and"
                        + " spec.upstreams and the condition UpstreamsVerified of the PoolerCluster";
            case POOLER_UNREACHABLE -> ". The operator can't reach the pooler: check pods and NetworkPolicies";
            default -> "";
        };
    }

    private static String source(String role, Verdict verdict) {
        return verdict.roles().stream()
                .filter(candidate -> candidate.name().equals(role))
                .map(candidate -> candidate.source())
                .findFirst()
                .orElse("");
    }
}
