package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.crd.generator.annotation.Labels;
import io.fabric8.generator.annotation.Default;
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

/** One database that is reached through a PoolerCluster; written by a team that is trusted less. */
@Group("tenantpool.io")
@Version("v1alpha1")
@Kind("Tenant")
@Singular("tenant")
@Plural("tenants")
@ShortNames("tn")
@Categories("tenantpool")
@Labels("servicebinding.io/provisioned-service=true")
@ValidationRule(
        value = "size(self.metadata.name) <= 63",
        message = "metadata.name must have at most 63 characters, because it becomes a label: choose a shorter name")
@AdditionalPrinterColumn(name = "Pooler", jsonPath = ".spec.poolerClusterRef.name", type = Type.STRING)
@AdditionalPrinterColumn(name = "Database", jsonPath = ".spec.database", type = Type.STRING)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = Type.STRING)
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        type = Type.STRING)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public class Tenant extends CustomResource<TenantSpec, TenantStatus> implements Namespaced {
    /** What the schema writes into a new Tenant, so that it never looks as if nobody would answer. */
    static final String PENDING_STATUS = """
            {"conditions": [
              {"type": "Accepted", "status": "Unknown", "reason": "Pending",
               "message": "Waiting for the operator", "lastTransitionTime": "1970-01-01T00:00:00Z"},
              {"type": "Programmed", "status": "Unknown", "reason": "Pending",
               "message": "Waiting for the operator", "lastTransitionTime": "1970-01-01T00:00:00Z"},
              {"type": "Ready", "status": "Unknown", "reason": "Pending",
               "message": "Waiting for the operator", "lastTransitionTime": "1970-01-01T00:00:00Z"}
            ]}""";

    /** Overridden for the schema: without it the server would accept an object with no spec. */
    @Override
    @Required
    @JsonPropertyDescription("What the tenant asks for.")
    public TenantSpec getSpec() {
        return super.getSpec();
    }

    @Override
    @Default(PENDING_STATUS)
    @JsonPropertyDescription("What the operator knows of the Tenant; nobody else writes it.")
    public TenantStatus getStatus() {
        return super.getStatus();
    }
}
