package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A fleet of poolers and the doors it opens; written by the platform team. */
@Group("tenantpool.io")
@Version("v1alpha1")
@Kind("PoolerCluster")
@Singular("poolercluster")
@Plural("poolerclusters")
@ShortNames("plc")
@Categories("tenantpool")
@ValidationRule(
        value = "size(self.metadata.name) <= 40 && self.metadata.name.matches('" + NameRules.POOLER_CLUSTER_NAME + "')",
        message = "metadata.name must be a DNS label of at most 40 characters that begins with a letter, because"
                + " Services are named after it: choose a shorter or simpler name")
@ValidationRule(
        value = "!has(self.spec.listeners)"
                + " || self.spec.listeners.all(l, size(self.metadata.name) + size(l.name) <= 51)",
        message =
                "spec.listeners: metadata.name and the name of a listener together have at most 51 characters, because"
                        + " Services are named after both and the cell: choose a shorter name")
@AdditionalPrinterColumn(name = "Engine", jsonPath = ".spec.engine", type = Type.STRING)
@AdditionalPrinterColumn(name = "Tenants", jsonPath = ".status.tenants.accepted", type = Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Programmed",
        jsonPath = ".status.conditions[?(@.type==\"Programmed\")].status",
        type = Type.STRING)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = Type.STRING)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public class PoolerCluster extends CustomResource<PoolerClusterSpec, PoolerClusterStatus> implements Namespaced {
    /** Overridden for the schema: without it the server would accept an object with no spec. */
    @Override
    @Required
    @JsonPropertyDescription("What the PoolerCluster consists of.")
    public PoolerClusterSpec getSpec() {
        return super.getSpec();
    }

    @Override
    @JsonPropertyDescription("What the operator knows of the PoolerCluster; nobody else writes it.")
    public PoolerClusterStatus getStatus() {
        return super.getStatus();
    }
}
