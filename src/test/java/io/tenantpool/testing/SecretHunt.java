package io.tenantpool.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Searches texts for what must not be in them, and counts what it has searched. */
public final class SecretHunt {
    private final List<Canary> canaries;
    private final List<Hit> hits = new ArrayList<>();
    private final Set<String> kinds = new TreeSet<>();
    private long objects;
    private long texts;
    private long bytes;

    public SecretHunt(List<Canary> canaries) {
        this.canaries = List.copyOf(canaries);
    }

    /** Something that was where it must not be. */
    public record Hit(String canary, String place) {}

    /** Searches one text. */
    public void search(String place, String text) {
        texts++;
        bytes += text.getBytes(StandardCharsets.UTF_8).length;
        canaries.stream()
                .filter(canary -> canary.in(text).isPresent())
                .forEach(canary -> hits.add(new Hit(canary.name(), place)));
    }

    /** Searches every object of every kind that can be listed and is not a Secret, in every version that is served. */
    public void searchEveryObject(KubernetesClient client) {
        Stream<String> groups = Objects.requireNonNull(client.getApiGroups()).getGroups().stream()
                .flatMap(group -> group.getVersions().stream())
                .map(version -> version.getGroupVersion());
        Stream.concat(Stream.of("v1"), groups).forEach(version -> {
            APIResourceList resources = Objects.requireNonNull(client.getApiResources(version), version);
            resources.getResources().stream()
                    .filter(SecretHunt::isSearched)
                    .forEach(resource -> searchAll(client, version, resource));
        });
    }

    private static boolean isSearched(APIResource resource) {
        return resource.getVerbs().contains("list")
                && !resource.getName().contains("/")
                && !"Secret".equals(resource.getKind());
    }

    private void searchAll(KubernetesClient client, String version, APIResource resource) {
        String path = ("v1".equals(version) ? "/api/" : "/apis/") + version + "/" + resource.getName();
        String answer = Objects.requireNonNull(client.raw(path), path);
        kinds.add(version + "/" + resource.getKind());
        JsonNode items = Serialization.unmarshal(answer, JsonNode.class).path("items");
        for (JsonNode item : items) {
            objects++;
            JsonNode meta = item.path("metadata");
            search(
                    resource.getKind() + " " + meta.path("namespace").asText() + "/"
                            + meta.path("name").asText(),
                    item.toString());
        }
    }

    /** Everything that was found. */
    public List<Hit> hits() {
        return List.copyOf(hits);
    }

    /** The kinds that were listed, as {@code version/Kind}. */
    public Set<String> kinds() {
        return Set.copyOf(kinds);
    }

    /** What was searched, in one line. */
    public String counts() {
        return "%d canaries in %d forms: %d objects of %d kinds and %d other texts searched, %d bytes, %d hits"
                .formatted(
                        canaries.size(),
                        canaries.stream()
                                .mapToInt(canary -> canary.forms().size())
                                .sum(),
                        objects,
                        kinds.size(),
                        texts - objects,
                        bytes,
                        hits.size());
    }
}
