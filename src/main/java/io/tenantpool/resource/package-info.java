/** One class per desired Kubernetes object. */
@NullMarked
package io.tenantpool.resource;

import org.jspecify.annotations.NullMarked;
