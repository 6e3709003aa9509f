package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The volumes of one pod as real files below a directory that stands for its root. */
final class PodVolumes {
    private final ApiServerDouble api;
    private final Path root;
    private final UnaryOperator<String> translation;
    private final Map<String, ProjectedDirectory> mounted = new HashMap<>();

    PodVolumes(ApiServerDouble api, Path root, UnaryOperator<String> translation) {
        this.api = api;
        this.root = root;
        this.translation = translation;
    }

    /** Writes what the volumes hold now; false if an object that they need does not exist. */
    boolean project(Pod pod, Container container) {
        for (VolumeMount mount : container.getVolumeMounts()) {
            Volume volume = pod.getSpec().getVolumes().stream()
                    .filter(candidate -> candidate.getName().equals(mount.getName()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no volume named " + mount.getName()));
            Path directory = inside(mount.getMountPath());
            if (volume.getEmptyDir() != null) {
                scratch(directory);
                continue;
            }
            Map<String, String> files = filesOf(pod, volume);
            if (files == null) {
                return false;
            }
            files.replaceAll((name, text) -> translation.apply(text));
            mounted.computeIfAbsent(mount.getMountPath(), path -> new ProjectedDirectory(directory))
                    .write(files);
        }
        return true;
    }

    /** The place below the pod's root that this absolute path of the container stands for. */
    Path inside(String path) {
        return root.resolve(path.startsWith("/") ? path.substring(1) : path);
    }

    /** The files that the container sees, by their absolute path. */
    Map<String, String> contents() {
        for (int attempt = 1; ; attempt++) {
            try (Stream<Path> files = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
                return read(files.toList());
            } catch (IOException | UncheckedIOException e) {
                // A volume that changes while it is read takes its old files away.
                if (attempt == 5) {
                    throw new IllegalStateException("cannot read " + root, e);
                }
            }
        }
    }

    private Map<String, String> read(List<Path> files) throws IOException {
        Map<String, String> content = new TreeMap<>();
        for (Path file : files) {
            String path = "/" + root.relativize(file);
            if (!path.contains("/..") && !Files.isDirectory(file)) {
                content.put(path, Files.readString(file));
            }
        }
        return content;
    }

    private static void scratch(Path directory) {
        try {
            BuildDirectory.create(directory);
            // The pooler runs as another user than the one who made the directory.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Map<String, String> filesOf(Pod pod, Volume volume) {
        String namespace = pod.getMetadata().getNamespace();
        if (volume.getSecret() != null) {
            var source = volume.getSecret();
            return select(
                    secret(namespace, source.getSecretName()),
                    source.getItems(),
                    Boolean.TRUE.equals(source.getOptional()));
        }
        if (volume.getConfigMap() != null) {
            var source = volume.getConfigMap();
            return select(
                    configMap(namespace, source.getName()),
                    source.getItems(),
                    Boolean.TRUE.equals(source.getOptional()));
        }
        if (volume.getDownwardAPI() != null) {
            return downward(pod, volume.getDownwardAPI().getItems());
        }
        if (volume.getProjected() != null) {
            Map<String, String> all = new TreeMap<>();
            for (VolumeProjection projection : volume.getProjected().getSources()) {
                Map<String, String> part = filesOf(pod, projection);
                if (part == null) {
                    return null;
                }
                all.putAll(part);
            }
            return all;
        }
        throw new IllegalStateException("the local node knows no volume like " + volume);
    }

    private @Nullable Map<String, String> filesOf(Pod pod, VolumeProjection source) {
        String namespace = pod.getMetadata().getNamespace();
        if (source.getSecret() != null) {
            var secret = source.getSecret();
            return select(
                    secret(namespace, secret.getName()), secret.getItems(), Boolean.TRUE.equals(secret.getOptional()));
        }
        if (source.getConfigMap() != null) {
            var map = source.getConfigMap();
            return select(configMap(namespace, map.getName()), map.getItems(), Boolean.TRUE.equals(map.getOptional()));
        }
        if (source.getDownwardAPI() != null) {
            return downward(pod, source.getDownwardAPI().getItems());
        }
        throw new IllegalStateException("the local node knows no projection like " + source);
    }

    private static @Nullable Map<String, String> select(
            Optional<Map<String, String>> data, List<KeyToPath> items, boolean optional) {
        if (data.isEmpty()) {
            return optional ? new TreeMap<>() : null;
        }
        if (items.isEmpty()) {
            return new TreeMap<>(data.get());
        }
        Map<String, String> selected = new TreeMap<>();
        for (KeyToPath item : items) {
            String text = data.get().get(item.getKey());
            if (text != null) {
                selected.put(item.getPath(), text);
            } else if (!optional) {
                return null;
            }
        }
        return selected;
    }

    private Optional<Map<String, String>> secret(String namespace, String name) {
        return get(Secret.class, namespace, name)
                .map(secret -> Optional.ofNullable(secret.getData()).orElse(Map.of()).entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> decoded(entry.getValue()))));
    }

    private Optional<Map<String, String>> configMap(String namespace, String name) {
        return get(ConfigMap.class, namespace, name)
                .map(map -> Optional.ofNullable(map.getData()).orElse(Map.of()));
    }

    private <T extends HasMetadata> Optional<T> get(Class<T> type, String namespace, String name) {
        return api.get(type, namespace, name);
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static Map<String, String> downward(Pod pod, List<DownwardAPIVolumeFile> items) {
        Map<String, String> files = new TreeMap<>();
        for (DownwardAPIVolumeFile item : items) {
            files.put(item.getPath(), PodField.valueOf(pod, item.getFieldRef().getFieldPath()));
        }
        return files;
    }
}
