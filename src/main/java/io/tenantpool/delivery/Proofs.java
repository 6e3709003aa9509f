package io.tenantpool.delivery;

import io.tenantpool.model.Login;
import io.tenantpool.observe.Meters;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The logins that prove tenants, a bounded number at a time to each PostgreSQL server. Confined to the delivery loop. */
final class Proofs {
    private final DeliveryLoop loop;
    private final Prover prover;
    private final Meters meters;
    private final int perUpstream;
    private final Map<String, ProofLane> lanes = new HashMap<>();

    Proofs(DeliveryLoop loop, Prover prover, Meters meters, int perUpstream) {
        this.loop = loop;
        this.prover = prover;
        this.meters = meters;
        this.perUpstream = perUpstream;
    }

    void prove(PoolerDelivery pooler, TenantProof proof, @Nullable PodView pod) {
        var wanted = pooler.wanted();
        var host = pod != null ? pod.ip() : wanted == null ? null : wanted.serviceIp();
        if (wanted == null || host == null) {
            pooler.proofs().abandoned(proof, pod);
            return;
        }
        var port = pod != null ? pod.port() : wanted.port();
        lanes.computeIfAbsent(proof.target.upstream(), upstream -> new ProofLane(loop, perUpstream))
                .submit(proof.retrying(), pod == null, () -> logins(proof, host, port, wanted, 0)
                        .recover(failure -> Future.succeededFuture(notTried(proof, failure)))
                        .onComplete(result -> loop.execute(() -> pooler.proofs().proved(proof, pod, result.result()))));
    }

    /** Whatever breaks on the way to a login is no proof. */
    private static TenantProofs.Failed notTried(TenantProof proof, Throwable failure) {
        return new TenantProofs.Failed(
                proof.target.roles().get(0), new Prover.Result(Login.POOLER_UNREACHABLE, String.valueOf(failure)));
    }

    /** Logs in as each user, one after the other; null when all of them worked. */
    private Future<TenantProofs.@Nullable Failed> logins(
            TenantProof proof, String host, int port, Wanted wanted, int user) {
        var roles = proof.target.roles();
        if (user == roles.size()) {
            return Future.succeededFuture(null);
        }
        var role = roles.get(user);
        var target = new PgLogin.Target(
                host, port, proof.target.poolName(), role.name(), role.password(), wanted.encryption());
        return prover.prove(target, wanted.transactions(), wanted.console()).compose(result -> {
            meters.proved(result.login());
            return result.login().proves()
                    ? logins(proof, host, port, wanted, user + 1)
                    : Future.succeededFuture(new TenantProofs.Failed(role, result));
        });
    }
}
