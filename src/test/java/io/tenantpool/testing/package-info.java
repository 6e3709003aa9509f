/** What several tiers of tests share: an API server, namespaces, the CRDs. */
@NullMarked
package io.tenantpool.testing;

import org.jspecify.annotations.NullMarked;
