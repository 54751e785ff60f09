package io.espalier.adapter.dl4j;

import io.espalier.spi.adapter.ForwardingModel;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.file.TemporaryFolder;

/** A model in a temporary folder that goes when the model is closed; digest and size are those of what it was made of. */
final class Snapshot extends ForwardingModel {

    private final TemporaryFolder folder;
    private final String digest;
    private final long byteSize;

    Snapshot(TemporaryFolder folder, Model model, String digest, long byteSize) {
        super(model);
        this.folder = folder;
        this.digest = digest;
        this.byteSize = byteSize;
    }

    @Override
    public String digest() {
        return digest;
    }

    @Override
    public long byteSize() {
        return byteSize;
    }

    @Override
    public void close() {
        super.close();
        folder.close();
    }
}
