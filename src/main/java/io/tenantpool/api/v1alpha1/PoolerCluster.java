package io.tenantpool.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;

/** A fleet of poolers and the doors it opens; written by the platform team. */
@Group("tenantpool.io")
@Version("v1alpha1")
public class PoolerCluster extends CustomResource<PoolerClusterSpec, PoolerClusterStatus> implements Namespaced {}
