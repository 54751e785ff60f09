package {package};

import io.espalier.spi.RunContext;
import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.SparsityAllocation;
import io.espalier.spi.allocator.SparsityAllocation.Rates;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.option.Options;
import java.util.List;

/** Wide groups lose more than narrow ones. Put your rule and its source here. */
public final class {class} implements SparsityAllocator {

    @Override
    public String name() {
        return "{name}";
    }

    @Override
    public String description() {
        return "Every group loses channels at a rate that grows with its width.";
    }

    @Override
    public SparsityAllocation allocate(List<ScoredGroup> groups, Options options, RunContext context) {
        return new Rates(groups.stream()
                .map(group -> Math.sqrt(group.scores().length))
                .toList());
    }
}
