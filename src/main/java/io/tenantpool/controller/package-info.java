/**
 * The two reconcilers, their event sources and caches, and everything that writes to the API server except changes of
 * pods ({@code delivery}) and events ({@code observe}).
 *
 * <p>Never here: text of a configuration file, the shape of an object, or waiting for a pooler.
 */
@NullMarked
package io.tenantpool.controller;

import org.jspecify.annotations.NullMarked;
