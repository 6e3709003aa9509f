package io.tenantpool.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;

/** One database that is reached through a PoolerCluster; written by a team that is trusted less. */
@Group("tenantpool.io")
@Version("v1alpha1")
public class Tenant extends CustomResource<TenantSpec, TenantStatus> implements Namespaced {}
