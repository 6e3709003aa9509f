package io.tenantpool.api.v1alpha1;

/** A Secret in the namespace of the object that names it. */
public record LocalSecretRef(String name) {}
