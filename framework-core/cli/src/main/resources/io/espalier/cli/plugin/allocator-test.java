package {package};

import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.testkit.contract.AllocatorContract;

class {class}Test extends AllocatorContract {

    @Override
    protected SparsityAllocator allocator() {
        return new {class}();
    }
}
