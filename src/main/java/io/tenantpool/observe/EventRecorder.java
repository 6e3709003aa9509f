package io.tenantpool.observe;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tenantpool.api.v1alpha1.Reason;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jboss.logging.Logger;

/**
 * Writes Kubernetes events: for what went wrong and for what recovered. A Tenant that simply becomes ready gets none;
 * its conditions say it, and a thousand Tenants would cost a thousand objects.
 */
public final class EventRecorder {
    private static final Logger LOG = Logger.getLogger(EventRecorder.class);
    private static final String REPORTER = "tenantpool";

    private final KubernetesClient client;
    private final Clock clock;

    public EventRecorder(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** An event is news, not state: one that can't be written is dropped. */
    public void warn(HasMetadata about, Reason reason, String message) {
        record(about, "Warning", reason, message);
    }

    public void tell(HasMetadata about, Reason reason, String message) {
        record(about, "Normal", reason, message);
    }

    private void record(HasMetadata about, String type, Reason reason, String message) {
        try {
            client.resource(event(about, type, reason, message)).create();
        } catch (KubernetesClientException e) {
            LOG.debugf(
                    e,
                    "Event %s of %s was not written",
                    reason,
                    about.getMetadata().getName());
        }
    }

    private Event event(HasMetadata about, String type, Reason reason, String message) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var meta = about.getMetadata();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(meta.getNamespace())
                .withName("%s.%x".formatted(meta.getName(), System.nanoTime()).toLowerCase(Locale.ROOT))
                .endMetadata()
                .withInvolvedObject(new ObjectReferenceBuilder()
                        .withApiVersion(about.getApiVersion())
                        .withKind(about.getKind())
                        .withNamespace(meta.getNamespace())
                        .withName(meta.getName())
                        .withUid(meta.getUid())
                        .withResourceVersion(meta.getResourceVersion())
                        .build())
                .withType(type)
                .withReason(reason.name())
                .withMessage(message)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent(REPORTER)
                .endSource()
                .withReportingComponent(REPORTER)
                .build();
    }
}
