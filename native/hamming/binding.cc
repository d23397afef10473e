// What JavaScript sees of the index. Checks that memory is safe; src/index/native.ts checks the rest.
#include "hamming/binding.h"

#include <cstddef>
#include <cstring>
#include <new>
#include <vector>

#include "arguments.h"
#include "errors.h"
#include "guarded.h"
#include "hamming/registry.h"
#include "hamming/stream.h"

namespace hindra {
namespace {

constexpr size_t kHashBytes = 32;

struct Found {
  std::vector<uint32_t> counts;
  std::vector<uint32_t> labels;
  std::vector<uint16_t> distances;
};

struct Batch {
  std::vector<uint64_t> hashes;
  std::vector<uint8_t> radii;
  uint32_t lists;
  size_t limit;
};

Hits &own_hits() {
  static thread_local Hits hits;
  return hits;
}

Found run(const Index &index, const Batch &batch) {
  Found found;
  Hits &hits = own_hits();
  found.counts.reserve(batch.radii.size());
  for (size_t i = 0; i < batch.radii.size(); i += 1) {
    Query query{{}, batch.radii[i], batch.lists, batch.limit};
    std::memcpy(query.hash, batch.hashes.data() + kHashWords * i, kHashBytes);
    index.search(query, hits);
    hits.sort();
    found.counts.push_back(static_cast<uint32_t>(hits.size()));
    for (size_t hit = 0; hit < hits.size(); hit += 1) {
      found.labels.push_back(hits.label(hit));
      found.distances.push_back(hits.distance(hit));
    }
  }
  return found;
}

Napi::Object given(Napi::Env env, const Found &found) {
  Napi::Object hits = Napi::Object::New(env);
  hits.Set("counts", copied<Napi::Uint32Array>(env, found.counts));
  hits.Set("labels", copied<Napi::Uint32Array>(env, found.labels));
  hits.Set("distances", copied<Napi::Uint16Array>(env, found.distances));
  return hits;
}

size_t limit_of(const Napi::Value &value) {
  const uint32_t limit = value.As<Napi::Number>().Uint32Value();
  return limit == 0 ? kNoLimit : limit;
}

/** hashes, radii, limit or 0, lists */
Batch batch_of(const Napi::CallbackInfo &info) {
  const Span<uint8_t> hashes = bytes_of(info.Env(), info[0]);
  const Span<uint8_t> radii = bytes_of(info.Env(), info[1]);
  if (hashes.count != radii.count * kHashBytes) throw IndexInvalid("a hash is 32 bytes");
  Batch batch;
  batch.hashes.resize(radii.count * kHashWords);
  if (radii.count > 0) std::memcpy(batch.hashes.data(), hashes.data, hashes.count);
  batch.radii.assign(radii.data, radii.data + radii.count);
  batch.limit = limit_of(info[2]);
  batch.lists = info[3].As<Napi::Number>().Uint32Value();
  return batch;
}

/** Hits that come out without an allocation. */
constexpr size_t kExchangeHits = 1024;

/** What the two sides share for good: a hash goes in here, labels and distances come out there. */
struct Exchange {
  uint8_t hash[kHashBytes];
  uint32_t labels[kExchangeHits];
  uint16_t distances[kExchangeHits];
};

/** One thread's hold on an index. */
class HammingIndexObject : public ExportedClass<HammingIndexObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "HammingIndex",
        {
            exported<&HammingIndexObject::add>("add"),
            exported<&HammingIndexObject::add_one>("addOne"),
            exported<&HammingIndexObject::remove>("remove"),
            exported<&HammingIndexObject::search>("search"),
            exported<&HammingIndexObject::hits>("hits"),
            exported<&HammingIndexObject::count>("count"),
            exported<&HammingIndexObject::search_all>("searchAll"),
            exported<&HammingIndexObject::search_all_async>("searchAllAsync"),
            exported<&HammingIndexObject::settle>("settle"),
            exported<&HammingIndexObject::stats>("stats"),
            exported<&HammingIndexObject::close>("close"),
            exported_property<&HammingIndexObject::exchange>("exchange"),
            exported_property<&HammingIndexObject::handle>("handle"),
            exported_property<&HammingIndexObject::size>("size"),
        });
  }

  /** handle of an index there is already? */
  explicit HammingIndexObject(const Napi::CallbackInfo &info) : ExportedClass(info) {
    guarded(info.Env(), [&] {
      if (info[0].IsUndefined()) {
        shared_ = create_shared_index();
      } else {
        shared_.handle = info[0].As<Napi::Number>().Uint32Value();
        shared_.index = open_shared_index(shared_.handle);
        if (!shared_.index) throw IndexInvalid("no index has this handle any more");
      }
      const Napi::ArrayBuffer memory = Napi::ArrayBuffer::New(info.Env(), sizeof(Exchange));
      memory_ = Napi::Persistent(memory);
      exchange_ = new (memory_.Value().Data()) Exchange;
    });
  }

  const std::shared_ptr<Index> &open() const {
    if (!shared_.index) throw IndexInvalid("the index is closed");
    return shared_.index;
  }

 private:
  /** labels, hashes, lists */
  void add(const Napi::CallbackInfo &info) {
    const Span<uint32_t> labels = numbers_of(info.Env(), info[0]);
    const Span<uint8_t> hashes = bytes_of(info.Env(), info[1]);
    if (hashes.count != labels.count * kHashBytes) throw IndexInvalid("a hash is 32 bytes");
    const uint32_t lists = info[2].As<Napi::Number>().Uint32Value();
    open()->add(labels.data, hashes.data, labels.count, lists);
  }

  /** label, lists; the hash is in the exchange buffer */
  void add_one(const Napi::CallbackInfo &info) {
    const uint32_t label = info[0].As<Napi::Number>().Uint32Value();
    const uint32_t lists = info[1].As<Napi::Number>().Uint32Value();
    open()->add(&label, exchange_->hash, 1, lists);
  }

  Napi::Value remove(const Napi::CallbackInfo &info) {
    const Span<uint32_t> labels = numbers_of(info.Env(), info[0]);
    const size_t removed = open()->remove(labels.data, labels.count);
    return Napi::Number::New(info.Env(), static_cast<double>(removed));
  }

  /** radius, limit or 0, lists */
  void run_one(const Napi::CallbackInfo &info) {
    Query query{{}, info[0].As<Napi::Number>().Int32Value(),
                info[2].As<Napi::Number>().Uint32Value(), limit_of(info[1])};
    std::memcpy(query.hash, exchange_->hash, kHashBytes);
    open()->search(query, own_hits());
  }

  /** How many there are; where they do not fit into the exchange, `hits` has them. */
  Napi::Value search(const Napi::CallbackInfo &info) {
    run_one(info);
    Hits &hits = own_hits();
    hits.sort();
    for (size_t i = 0; hits.size() <= kExchangeHits && i < hits.size(); i += 1) {
      exchange_->labels[i] = hits.label(i);
      exchange_->distances[i] = hits.distance(i);
    }
    return Napi::Number::New(info.Env(), static_cast<double>(hits.size()));
  }

  /** Of the search just done on this thread. */
  Napi::Value hits(const Napi::CallbackInfo &info) {
    Found found;
    const Hits &hits = own_hits();
    found.counts.push_back(static_cast<uint32_t>(hits.size()));
    for (size_t i = 0; i < hits.size(); i += 1) {
      found.labels.push_back(hits.label(i));
      found.distances.push_back(hits.distance(i));
    }
    return given(info.Env(), found);
  }

  Napi::Value count(const Napi::CallbackInfo &info) {
    run_one(info);
    return Napi::Number::New(info.Env(), static_cast<double>(own_hits().size()));
  }

  Napi::Value search_all(const Napi::CallbackInfo &info) {
    const Batch batch = batch_of(info);
    return given(info.Env(), run(*open(), batch));
  }

  Napi::Value search_all_async(const Napi::CallbackInfo &info) {
    const auto search = [index = open(), batch = batch_of(info)] { return run(*index, batch); };
    return in_pool(info.Env(), "hindra.search", search, given);
  }

  Napi::Value settle(const Napi::CallbackInfo &info) {
    return Napi::Boolean::New(info.Env(), open()->settle());
  }

  Napi::Value stats(const Napi::CallbackInfo &info) {
    const IndexStats stats = open()->stats();
    Napi::Object object = Napi::Object::New(info.Env());
    object.Set("hashes", static_cast<double>(stats.hashes));
    object.Set("deltaHashes", static_cast<double>(stats.delta_hashes));
    object.Set("segments", static_cast<double>(stats.segments));
    object.Set("tombstones", static_cast<double>(stats.tombstones));
    object.Set("residentBytes", static_cast<double>(stats.resident_bytes));
    object.Set("merging", stats.merging);
    return object;
  }

  void close(const Napi::CallbackInfo &) { shared_.index.reset(); }

  Napi::Value exchange(const Napi::CallbackInfo &info) {
    const Napi::ArrayBuffer memory = memory_.Value();
    Napi::Object views = Napi::Object::New(info.Env());
    views.Set("hash", Napi::Uint8Array::New(info.Env(), kHashBytes, memory,
                                            offsetof(Exchange, hash)));
    views.Set("labels", Napi::Uint32Array::New(info.Env(), kExchangeHits, memory,
                                               offsetof(Exchange, labels)));
    views.Set("distances", Napi::Uint16Array::New(info.Env(), kExchangeHits, memory,
                                                  offsetof(Exchange, distances)));
    return views;
  }

  Napi::Value handle(const Napi::CallbackInfo &info) {
    return Napi::Number::New(info.Env(), shared_.handle);
  }

  Napi::Value size(const Napi::CallbackInfo &info) {
    return Napi::Number::New(info.Env(), static_cast<double>(open()->size()));
  }

  SharedIndex shared_{};
  Napi::Reference<Napi::ArrayBuffer> memory_;
  Exchange *exchange_ = nullptr;
};

const std::shared_ptr<Index> &index_of(const Napi::CallbackInfo &info) {
  if (!info[0].IsObject()) throw IndexInvalid("an index is missing");
  return HammingIndexObject::Unwrap(info[0].As<Napi::Object>())->open();
}

/** A snapshot of the index it is made of, piece by piece. */
class HammingWriterObject : public ExportedClass<HammingWriterObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "HammingWriter", {exported<&HammingWriterObject::next>("next")});
  }

  explicit HammingWriterObject(const Napi::CallbackInfo &info)
      : ExportedClass(info),
        writer_(guarded(info.Env(), [&] { return StreamWriter(index_of(info)->snapshot()); })) {}

 private:
  Napi::Value next(const Napi::CallbackInfo &info) {
    const size_t bytes = writer_.next_bytes();
    if (bytes == 0) return info.Env().Undefined();
    auto piece = Napi::Uint8Array::New(info.Env(), bytes);
    writer_.write(piece.Data());
    return piece;
  }

  StreamWriter writer_;
};

class HammingReaderObject : public ExportedClass<HammingReaderObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "HammingReader",
                       {exported<&HammingReaderObject::feed>("feed"),
                        exported<&HammingReaderObject::finish>("finish")});
  }

  explicit HammingReaderObject(const Napi::CallbackInfo &info) : ExportedClass(info) {}

 private:
  void feed(const Napi::CallbackInfo &info) {
    const Span<uint8_t> bytes = bytes_of(info.Env(), info[0]);
    reader_.feed(bytes.data, bytes.count);
  }

  /** Into an index. */
  void finish(const Napi::CallbackInfo &info) { index_of(info)->load(reader_.finish()); }

  StreamReader reader_;
};

}  // namespace

void export_hamming(Napi::Env env, Napi::Object exports) {
  exports.Set("HammingIndex", HammingIndexObject::define(env));
  exports.Set("HammingWriter", HammingWriterObject::define(env));
  exports.Set("HammingReader", HammingReaderObject::define(env));
}

}  // namespace hindra
