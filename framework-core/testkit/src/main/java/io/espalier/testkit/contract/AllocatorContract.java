package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.ScoredGroup.Saving;
import io.espalier.spi.allocator.SparsityAllocation;
import io.espalier.spi.allocator.SparsityAllocation.ChannelScores;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.allocator.SparsityAllocation.Rates;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.testkit.TestingRunContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a {@link SparsityAllocator} owes the engine: a reproducible allocation that says something of every group. */
public abstract class AllocatorContract extends ProviderContract<SparsityAllocator> {

    private static final int SEEDS = 50;

    protected AllocatorContract() {
        super(SparsityAllocator.class);
    }

    /** A new instance of the allocator under test. */
    protected abstract SparsityAllocator allocator();

    @Override
    protected final SparsityAllocator provider() {
        return allocator();
    }

    /** Allocates with the options under test. */
    protected final SparsityAllocation allocate(List<ScoredGroup> groups) {
        return allocator().allocate(groups, options(), new TestingRunContext(0));
    }

    /** The pools that an allocator of pools makes. */
    protected final List<RankingPool> pools(List<ScoredGroup> groups) {
        return ((Pools) allocate(groups)).pools();
    }

    @Test
    void everyGroupIsAllocatedOnce() {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<ScoredGroup> groups = randomGroups(seed);
            SparsityAllocation allocation = allocate(groups);
            if (allocation instanceof Pools pools) {
                assertThat(pools.pools())
                        .as("seed %d", seed)
                        .allSatisfy(pool -> assertThat(pool.groups()).isNotEmpty());
                assertThat(pools.pools().stream().flatMap(pool -> pool.groups().stream()))
                        .as("seed %d", seed)
                        .containsExactlyInAnyOrderElementsOf(
                                IntStream.range(0, groups.size()).boxed().toList());
            } else if (allocation instanceof Rates rates) {
                assertThat(rates.rates())
                        .as("seed %d", seed)
                        .hasSameSizeAs(groups)
                        .allMatch(rate -> rate >= 0 && Double.isFinite(rate));
            } else if (allocation instanceof ChannelScores scores) {
                assertThat(scores.scores()).as("seed %d", seed).hasSameSizeAs(groups);
                for (int group = 0; group < groups.size(); group++) {
                    double[] own = scores.scores().get(group);
                    assertThat(own)
                            .as("seed %d, group %d", seed, group)
                            .hasSameSizeAs(groups.get(group).scores());
                    assertThat(Arrays.stream(own).allMatch(Double::isFinite))
                            .as("seed %d, group %d: %s", seed, group, Arrays.toString(own))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void allocationsAreReproducibleAndScoresUntouched() {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<ScoredGroup> groups = randomGroups(seed);
            SparsityAllocation allocation = allocate(groups);
            assertThat(allocate(randomGroups(seed)))
                    .as("seed %d", seed)
                    .usingRecursiveComparison()
                    .isEqualTo(allocation);
            List<ScoredGroup> fresh = randomGroups(seed);
            for (int i = 0; i < groups.size(); i++) {
                assertThat(groups.get(i).scores())
                        .as("seed %d", seed)
                        .isEqualTo(fresh.get(i).scores());
            }
        }
    }

    private static List<ScoredGroup> randomGroups(int seed) {
        Random random = new Random(seed);
        List<ScoredGroup> groups = new ArrayList<>();
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            double[] scores = random.doubles(1 + random.nextInt(8)).toArray();
            Saving saving = new Saving(random.nextInt(3) * 100L, 1 + random.nextInt(50), 4);
            groups.add(new ScoredGroup("layer" + i, "structure" + random.nextInt(4), scores, channel -> saving));
        }
        return groups;
    }
}
