/**
 * The desired Kubernetes objects, one class for each: pure functions from the plan to an object.
 *
 * <p>Never here: a client, the state of the cluster, or the text of a configuration file.
 */
@NullMarked
package io.tenantpool.resource;

import org.jspecify.annotations.NullMarked;
