package io.tenantpool;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What is too long to be read at once is not read at all. */
class SourceSizeTest {
    private static final int CLASS_LINES = 300;
    private static final int METHOD_LINES = 40;

    @Test
    void no_class_has_more_than_300_lines() throws IOException {
        var files = new ArrayList<>(sources("src/main/java"));
        files.addAll(sources("src/test/java"));

        assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(Files.readAllLines(file))
                .hasSizeLessThanOrEqualTo(CLASS_LINES));
    }

    @Test
    void no_method_has_more_than_40_lines() throws IOException {
        assertThat(methods(sources("src/main/java"))).isNotEmpty().allSatisfy(method -> assertThat(method.lines())
                .as(method.toString())
                .isLessThanOrEqualTo(METHOD_LINES));
    }

    private record Method(String place, long lines) {}

    private static List<Path> sources(String root) throws IOException {
        try (var files = Files.walk(Path.of(root))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static List<Method> methods(List<Path> files) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var found = new ArrayList<Method>();
        try (var manager = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            var task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            var positions = Trees.instance(task).getSourcePositions();
            task.parse().forEach(unit -> new MethodScanner(unit, positions, found).scan(unit, null));
        }
        return found;
    }

    private static final class MethodScanner extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Method> found;

        MethodScanner(CompilationUnitTree unit, SourcePositions positions, List<Method> found) {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            var lines = unit.getLineMap();
            var first = lines.getLineNumber(positions.getStartPosition(unit, method));
            var last = lines.getLineNumber(positions.getEndPosition(unit, method));
            found.add(new Method(
                    Path.of(unit.getSourceFile().getName()).getFileName() + ": " + method.getName(), last - first + 1));
            return super.visitMethod(method, nothing);
        }
    }
}
