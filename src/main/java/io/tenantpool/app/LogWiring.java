package io.tenantpool.app;

import io.quarkus.runtime.StartupEvent;
import io.tenantpool.observe.OneRecordFormatter;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.util.Collections;
import java.util.logging.Handler;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.LogContext;

/** Puts {@link OneRecordFormatter} before whatever format was configured, before anything of a cluster is read. */
@ApplicationScoped
public class LogWiring {
    private static final int BEFORE_ALL = Interceptor.Priority.PLATFORM_BEFORE - 2;

    void guard(@Observes @Priority(BEFORE_ALL) StartupEvent event) {
        var context = LogContext.getLogContext();
        guard(context.getLogger("").getHandlers());
        for (var name : Collections.list(context.getLoggerNames())) {
            guard(context.getLogger(name).getHandlers());
        }
    }

    private static void guard(Handler[] handlers) {
        for (var handler : handlers) {
            var format = handler.getFormatter();
            if (format != null && !(format instanceof OneRecordFormatter)) {
                handler.setFormatter(new OneRecordFormatter(format));
            }
            if (handler instanceof ExtHandler outer) {
                guard(outer.getHandlers());
            }
        }
    }
}
