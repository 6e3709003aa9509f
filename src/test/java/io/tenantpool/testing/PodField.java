package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of a pod that the downward API can name. */
final class PodField {
    private static final Pattern ENTRY = Pattern.compile("metadata\\.(annotations|labels)\\['(.+)']");

    private PodField() {}

    /** The value of the field; an annotation or label that the pod lacks is empty and no error, as for the kubelet. */
    static String valueOf(Pod pod, String path) {
        Matcher entry = ENTRY.matcher(path);
        if (entry.matches()) {
            boolean label = "labels".equals(entry.group(1));
            Map<String, String> map =
                    label ? pod.getMetadata().getLabels() : pod.getMetadata().getAnnotations();
            return Optional.ofNullable(map)
                    .map(values -> values.get(entry.group(2)))
                    .orElse("");
        }
        return switch (path) {
            case "metadata.name" -> pod.getMetadata().getName();
            case "metadata.namespace" -> pod.getMetadata().getNamespace();
            case "metadata.uid" -> pod.getMetadata().getUid();
            case "metadata.labels" -> lines(pod.getMetadata().getLabels());
            case "metadata.annotations" -> lines(pod.getMetadata().getAnnotations());
            default -> throw new IllegalStateException("the local node does not know the field " + path);
        };
    }

    private static String lines(@Nullable Map<String, String> map) {
        return new TreeMap<>(Optional.ofNullable(map).orElse(Map.of()))
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=\"" + entry.getValue() + "\"")
                        .collect(Collectors.joining("\n"));
    }
}
