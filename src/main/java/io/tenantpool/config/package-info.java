/**
 * The operator's settings as types with defaults; docs/configuration.md lists them. The start fails on a value of the
 * wrong type, and {@code app} lets it fail on one out of its range.
 *
 * <p>Never here: logic. Only {@code app} reads them and hands them on as values.
 */
@NullMarked
package io.tenantpool.config;

import org.jspecify.annotations.NullMarked;
