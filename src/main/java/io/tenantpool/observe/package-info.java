/**
 * What the operator tells about itself: metrics and Kubernetes events. docs/metrics.md lists the metrics.
 *
 * <p>Never here: a decision. Nothing reads a metric or an event back. No metric has a label per tenant.
 */
@NullMarked
package io.tenantpool.observe;

import org.jspecify.annotations.NullMarked;
