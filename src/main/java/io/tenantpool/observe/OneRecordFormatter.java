package io.tenantpool.observe;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.StructuredFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Formats as another formatter does, but whatever a message holds, it stays the message of one record: names, fields and
 * what PostgreSQL answers are texts of people who are trusted less, and a line break in one would begin a line of its
 * own. In a structured format a record is one line; in a plain one the lines of a stack trace follow it, indented.
 */
public final class OneRecordFormatter extends ExtFormatter {
    private final Formatter format;
    private final boolean structured;

    public OneRecordFormatter(Formatter format) {
        this.format = format;
        this.structured = format instanceof StructuredFormatter;
    }

    @Override
    public String format(ExtLogRecord logged) {
        var copy = new ExtLogRecord(logged);
        if (structured) {
            // Its own quoting covers what is below a blank; the rest can only stand inside of a quoted text.
            return LogText.escaped(withoutEnd(format.format(copy))) + "\n";
        }
        var message = logged.getFormattedMessage();
        copy.setMessage(LogText.escaped(message == null ? "" : message), ExtLogRecord.FormatStyle.NO_FORMAT);
        copy.setParameters(new Object[0]);
        copy.setThrown(null);
        // The thread's name is the last text of a plain line that is not ours.
        copy.setThreadName(LogText.escaped(logged.getThreadName()));
        var text = new StringBuilder(format.format(copy));
        appendTrace(text, "", logged.getThrown(), Collections.newSetFromMap(new IdentityHashMap<>()));
        return text.toString();
    }

    @Override
    public String formatMessage(LogRecord logged) {
        return LogText.escaped(super.formatMessage(logged));
    }

    @Override
    public boolean isCallerCalculationRequired() {
        return format instanceof ExtFormatter extended && extended.isCallerCalculationRequired();
    }

    private static String withoutEnd(String line) {
        return line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
    }

    /** As {@link Throwable#printStackTrace()}, with every line indented and no message of more than one line. */
    private static void appendTrace(
            StringBuilder text, String caption, @Nullable Throwable thrown, Set<Throwable> printed) {
        if (thrown == null || !printed.add(thrown)) {
            return;
        }
        text.append('\t')
                .append(caption)
                .append(LogText.escaped(thrown.toString()))
                .append('\n');
        for (var frame : thrown.getStackTrace()) {
            text.append("\t\tat ").append(LogText.escaped(frame.toString())).append('\n');
        }
        for (var suppressed : thrown.getSuppressed()) {
            appendTrace(text, "Suppressed: ", suppressed, printed);
        }
        appendTrace(text, "Caused by: ", thrown.getCause(), printed);
    }
}
