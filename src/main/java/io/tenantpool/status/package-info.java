/**
 * Conditions and the rest of a status, derived each time from what was decided and what was found out.
 *
 * <p>Never here: a Kubernetes client. Who writes a status is in {@code controller}.
 */
@NullMarked
package io.tenantpool.status;

import org.jspecify.annotations.NullMarked;
