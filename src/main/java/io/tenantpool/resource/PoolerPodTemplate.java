package io.tenantpool.resource;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.tenantpool.api.v1alpha1.PodSettings;
import io.tenantpool.engine.PodShape;
import io.tenantpool.model.ListenerModel;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Labels;
import io.tenantpool.naming.Names;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One pooler pod: an unmodified image, plain volumes, Pod Security "restricted", any user id. */
public final class PoolerPodTemplate {
    /** Seconds; a joining pod with old content is brought up to date before it takes traffic. */
    static final int READY_DELAY = 3;

    /** Name of the container's port. */
    public static final String PORT = "postgresql";

    private static final String CONTAINER = "pgbouncer";
    private static final String LIVE = "live";
    private static final String SETTINGS = "settings";

    private PoolerPodTemplate() {}

    static PodTemplateSpec of(
            PoolerId id,
            ListenerModel listener,
            PodShape shape,
            String settings,
            String image,
            String keys,
            @Nullable PodSettings pod) {
        var annotations = notOurs(pod == null ? null : pod.annotations());
        annotations.put(Labels.CONSOLE_KEYS, keys);
        var labels = notOurs(pod == null ? null : pod.labels());
        labels.putAll(Labels.of(id));
        labels.put(Labels.TRAFFIC, Labels.TRAFFIC_ON);
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(Names.pooler(id))
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds((long) listener.terminationGracePeriodSeconds())
                .withNodeSelector(orEmpty(pod == null ? null : pod.nodeSelector()))
                .withAffinity(PoolerScheduling.affinity(pod))
                .withTolerations(PoolerScheduling.tolerations(pod))
                .withPriorityClassName(pod == null ? null : pod.priorityClassName())
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withTopologySpreadConstraints(PoolerScheduling.spread(id, pod))
                .withContainers(container(listener, shape, image, pod).build())
                .withVolumes(liveVolume(id, shape), settingsVolume(settings))
                .endSpec()
                .build();
    }

    private static ContainerBuilder container(
            ListenerModel listener, PodShape shape, String image, @Nullable PodSettings pod) {
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withCommand(shape.command())
                .withWorkingDir(shape.workingDir())
                .addNewPort()
                .withName(PORT)
                .withContainerPort(listener.port())
                .withProtocol("TCP")
                .endPort()
                .withReadinessProbe(probe(listener)
                        .withInitialDelaySeconds(READY_DELAY)
                        .withPeriodSeconds(2)
                        .build())
                // One RELOAD of 2,000 tenants blocks the only thread for some milliseconds; five seconds is a hang.
                .withLivenessProbe(probe(listener)
                        .withInitialDelaySeconds(10)
                        .withPeriodSeconds(10)
                        .withTimeoutSeconds(5)
                        .withFailureThreshold(6)
                        .build())
                .withNewLifecycle()
                .withNewPreStop()
                .withNewExec()
                .withCommand(shape.preStop())
                .endExec()
                .endPreStop()
                .endLifecycle()
                .withResources(PoolerResources.of(listener, pod))
                .withSecurityContext(restricted())
                .withVolumeMounts(mounts(shape));
    }

    private static SecurityContext restricted() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    private static List<VolumeMount> mounts(PodShape shape) {
        return List.of(mount(LIVE, shape, shape.live()), mount(SETTINGS, shape, shape.settings()));
    }

    private static VolumeMount mount(String volume, PodShape shape, String directory) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(shape.workingDir() + "/" + directory)
                .withReadOnly(true)
                .build();
    }

    private static ProbeBuilder probe(ListenerModel listener) {
        return new ProbeBuilder()
                .withNewTcpSocket()
                .withPort(new IntOrString(listener.port()))
                .endTcpSocket();
    }

    /** One volume, so that the files are swapped together: what RELOAD reads, and what differs between pods. */
    private static Volume liveVolume(PoolerId id, PodShape shape) {
        return new VolumeBuilder()
                .withName(LIVE)
                .withNewProjected()
                .addNewSource()
                .withNewSecret()
                .withName(Names.pooler(id))
                .withItems(shape.projected().stream()
                        .map(file -> new KeyToPathBuilder()
                                .withKey(file)
                                .withPath(file)
                                .build())
                        .toList())
                .endSecret()
                .endSource()
                .addNewSource()
                .withNewDownwardAPI()
                .addNewItem()
                .withPath(shape.perPod())
                .withNewFieldRef()
                .withApiVersion("v1") // the server's default, in a list that we own as a whole
                .withFieldPath("metadata.annotations['" + Labels.PEER + "']")
                .endFieldRef()
                .endItem()
                .endDownwardAPI()
                .endSource()
                .endProjected()
                .build();
    }

    private static Volume settingsVolume(String configMap) {
        return new VolumeBuilder()
                .withName(SETTINGS)
                .withNewConfigMap()
                .withName(configMap)
                .endConfigMap()
                .build();
    }

    /**
     * Without keys that are ours. The schema refuses them; an API server with an older one does not, and one annotation of
     * ours becomes a file that the pooler reads.
     */
    private static TreeMap<String, String> notOurs(@Nullable Map<String, String> map) {
        var others = new TreeMap<>(orEmpty(map));
        others.keySet().removeIf(key -> key.startsWith(Labels.PREFIX));
        return others;
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return Objects.requireNonNullElse(map, Map.of());
    }
}
