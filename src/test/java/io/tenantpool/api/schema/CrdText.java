package io.tenantpool.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.Tenant;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The text of the files in {@code crds/}, made from the classes of the API. */
final class CrdText {
    /** The kinds, in the order in which they are explained. */
    static final List<Class<? extends HasMetadata>> KINDS = List.of(PoolerCluster.class, Tenant.class);

    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .stringQuotingChecker(new QuoteTimes())
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build());

    private CrdText() {}

    /** File name to content, ends of lines as LF; the same input gives the same bytes. */
    static Map<String, String> generate() throws IOException {
        var raw = new InMemory();
        new CRDGenerator()
                .customResourceClasses(KINDS)
                .forCRDVersions("v1")
                .withParallelGenerationEnabled(false)
                .withPostProcessor(new SchemaPostProcessor())
                .withOutput(raw)
                .detailedGenerate();
        var files = new TreeMap<String, String>();
        for (var stream : raw.streams.values()) {
            JsonNode crd = YAML.readTree(stream.toString(StandardCharsets.UTF_8));
            files.put(
                    crd.at("/metadata/name").asText() + ".yaml",
                    YAML.writeValueAsString(withPlainNumbers(crd)).stripTrailing() + "\n");
        }
        return files;
    }

    /** The generator writes bounds as 1.0; the server stores 1, and tools that compare text would see a difference. */
    private static JsonNode withPlainNumbers(JsonNode node) {
        if (node instanceof DoubleNode number && number.doubleValue() == Math.rint(number.doubleValue())) {
            return LongNode.valueOf(number.longValue());
        }
        if (node instanceof ObjectNode object) {
            object.properties().forEach(e -> e.setValue(withPlainNumbers(e.getValue())));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, withPlainNumbers(array.get(i)));
            }
        }
        return node;
    }

    /** Some YAML readers take an unquoted time for something else than text. */
    private static final class QuoteTimes extends StringQuotingChecker.Default {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean needToQuoteValue(String value) {
            return super.needToQuoteValue(value) || value.matches("\\d{4}-\\d\\d-\\d\\d.*");
        }
    }

    private static final class InMemory extends CRDGenerator.AbstractCRDOutput<ByteArrayOutputStream> {
        private final Map<String, ByteArrayOutputStream> streams = new TreeMap<>();

        @Override
        protected ByteArrayOutputStream createStreamFor(String crdName) {
            return streams.computeIfAbsent(crdName, name -> new ByteArrayOutputStream());
        }
    }
}
