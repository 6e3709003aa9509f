package io.tenantpool.delivery;

import io.tenantpool.model.Progress;
import io.tenantpool.model.Role;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The proofs of one pooler's tenants, and the names that it may still serve. Confined to the loop. */
final class TenantProofs {
    private static final String SERVICE = "service";

    private final Prove prove;
    private final PoolerPods pods;
    private final Map<String, TenantProof> proofs = new HashMap<>();
    private final Map<String, Long> letGo = new HashMap<>();
    /** What was proven before counts only the first time: content that left and came back has to be proven again. */
    private boolean trusting;

    TenantProofs(PoolerPods pods, Prove prove, boolean trusting) {
        this.pods = pods;
        this.prove = prove;
        this.trusting = trusting;
    }

    /** What the proofs need of the pooler they belong to. */
    interface Prove {
        Instant now();

        boolean hasAddress();

        /** @param pod null for the published address */
        void start(TenantProof proof, @Nullable PodView pod);

        void changed(TenantProof proof);

        void removed(TenantProof proof);

        void later(TenantProof proof, java.time.Duration pause);
    }

    /** A login that failed. */
    record Failed(Role role, Prover.Result result) {}

    /** @param number of the revision that holds the targets */
    void take(List<Wanted.Target> targets, long number) {
        var uids = new HashSet<String>();
        for (var target : targets) {
            uids.add(target.id().uid());
            var before = proofs.get(target.id().uid());
            if (before == null || !before.target.content().equals(target.content())) {
                if (before != null) {
                    letGo(before, number);
                }
                var proof = new TenantProof(target, number, prove.now(), trusting && target.proven());
                proofs.put(target.id().uid(), proof);
                prove.changed(proof);
            }
        }
        trusting = false;
        proofs.values().removeIf(proof -> {
            var gone = !uids.contains(proof.target.id().uid());
            if (gone) {
                letGo(proof, number);
                prove.removed(proof);
            }
            return gone;
        });
        for (var target : targets) {
            letGo.remove(target.poolName());
            target.roles().forEach(role -> letGo.remove(role.name()));
        }
    }

    boolean isDone(String tenantUid) {
        var proof = proofs.get(tenantUid);
        return proof != null && proof.done;
    }

    private void letGo(TenantProof proof, long number) {
        letGo.put(proof.target.poolName(), number);
        proof.target.roles().forEach(role -> letGo.put(role.name(), number));
    }

    /** Names that were let go and that some pod may still serve. */
    Set<String> stillServed() {
        var slowest = pods.slowest();
        letGo.values().removeIf(number -> number <= slowest);
        return Set.copyOf(letGo.keySet());
    }

    void advance() {
        proofs.values().forEach(this::advance);
    }

    /** Starts the logins that are due: through each pod that serves the content, then through the published address. */
    void advance(TenantProof proof) {
        if (!proof.due(prove.now())) {
            return;
        }
        var counted = pods.counted();
        var all = !counted.isEmpty();
        for (var link : counted) {
            var uid = link.view().uid();
            if (proof.provenPods.contains(uid)) {
                continue;
            }
            all = false;
            if (pods.number(link) >= proof.since && proof.inFlight.add(uid)) {
                prove.start(proof, link.view());
                if (proof.provenPods.isEmpty()) {
                    return; // one login finds out whether the tenant works at all
                }
            }
        }
        if (!all || !proof.inFlight.isEmpty() || pods.staleIsLeaving(proof.since)) {
            return;
        }
        if (proof.serviceProven) {
            proof.done = true;
            prove.changed(proof);
        } else if (prove.hasAddress() && proof.inFlight.add(SERVICE)) {
            prove.start(proof, null);
        }
    }

    /** A login that was not tried, because what it needs is gone. */
    void abandoned(TenantProof proof, @Nullable PodView pod) {
        proof.inFlight.remove(pod == null ? SERVICE : pod.uid());
    }

    /** Takes the result of a login; one that nobody waits for any more is dropped. */
    void proved(TenantProof proof, @Nullable PodView pod, @Nullable Failed failed) {
        abandoned(proof, pod);
        if (proofs.get(proof.target.id().uid()) != proof || proof.done) {
            return;
        }
        if (failed == null) {
            succeeded(proof, pod);
        } else if (pod == null || pods.counts(pod)) {
            var through = pod == null ? "the published address" : "pod " + pod.name();
            var pause = proof.failed(failed.role(), through, failed.result(), prove.now());
            prove.changed(proof);
            prove.later(proof, pause);
        } else {
            advance(proof); // the pod is on its way out: its refusal says nothing about the tenant
        }
    }

    private void succeeded(TenantProof proof, @Nullable PodView pod) {
        if (pod == null) {
            proof.serviceProven = true;
        } else {
            proof.provenPods.add(pod.uid());
        }
        proof.succeeded();
        advance(proof);
    }

    /** The progress of a tenant, or null when this pooler does not serve it. */
    @Nullable
    Progress progress(String tenantUid) {
        var proof = proofs.get(tenantUid);
        return proof == null ? null : progress(proof);
    }

    Progress progress(TenantProof proof) {
        var counted = pods.counted();
        var current = (int) counted.stream()
                .filter(link -> pods.number(link) >= proof.since)
                .count();
        return new Progress(proof.target.content(), counted.size(), current, proof.done, proof.failure());
    }
}
