/**
 * What differs between pooler programs, behind {@link io.tenantpool.engine.Engine}: what can be served safely, the files,
 * how the program runs in its container, how its console is spoken to, what its errors mean.
 *
 * <p>Never here: a Kubernetes client, a socket or a clock. An engine gives text and records; others write and send them.
 */
@NullMarked
package io.tenantpool.engine;

import org.jspecify.annotations.NullMarked;
