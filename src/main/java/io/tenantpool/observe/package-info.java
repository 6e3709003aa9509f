/**
 * What the operator tells about itself and its poolers: metrics, Kubernetes events, how full pools are. docs/metrics.md
 * lists the metrics, docs/health.md what is told over HTTP.
 *
 * <p>Never here: a decision. Nothing reads a metric or an event back. No metric has a label per tenant.
 */
@NullMarked
package io.tenantpool.observe;

import org.jspecify.annotations.NullMarked;
