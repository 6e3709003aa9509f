package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.model.PoolerId;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Objects that have a name which a PoolerCluster needs and belong to somebody else; found anew each time. */
final class Conflicts {
    private final PoolerCluster owner;
    private final SortedSet<String> objects = new TreeSet<>();
    private final Set<PoolerId> poolers = new HashSet<>();

    Conflicts(PoolerCluster owner) {
        this.owner = owner;
    }

    /** Whether an object stands in the way of a pooler: of such a one nothing is written. */
    boolean isForeign(PoolerId pooler, HasMetadata object) {
        var foreign = !Ownership.isOurs(object, owner);
        if (foreign) {
            add(pooler, object);
        }
        return foreign;
    }

    /** An object that stands in the way of a pooler. */
    void add(PoolerId pooler, HasMetadata object) {
        add(object);
        poolers.add(pooler);
    }

    /** An object that is left alone, and that the poolers can do without. */
    void add(HasMetadata object) {
        objects.add(object.getKind() + " " + object.getMetadata().getName());
    }

    /** Whether something stands in the way of a pooler. */
    boolean has(PoolerId pooler) {
        return poolers.contains(pooler);
    }

    boolean isEmpty() {
        return objects.isEmpty();
    }

    /** Kind and name of each. */
    SortedSet<String> objects() {
        return objects;
    }
}
