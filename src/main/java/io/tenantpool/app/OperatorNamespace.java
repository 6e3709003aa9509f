package io.tenantpool.app;

import io.tenantpool.config.TenantpoolConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The namespace that the operator's pods run in. */
final class OperatorNamespace {
    private static final Logger LOG = Logger.getLogger(OperatorNamespace.class);

    private OperatorNamespace() {}

    /**
     * @param mounted the file that a kubelet puts into each pod beside the token of its service account
     * @return the setting, else what the file says; empty outside of a cluster
     */
    static Optional<String> of(TenantpoolConfig config, Path mounted) {
        var namespace = config.operator().namespace().or(() -> read(mounted));
        if (namespace.isEmpty()) {
            LOG.info("This operator runs in no pod, so NetworkPolicies of poolers do not name it: it has to reach them"
                    + " from a node, or tenantpool.operator.namespace has to be set.");
        }
        return namespace;
    }

    private static Optional<String> read(Path mounted) {
        try {
            return Optional.of(Files.readString(mounted).strip()).filter(name -> !name.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
