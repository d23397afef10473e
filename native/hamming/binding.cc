// What JavaScript sees of the index. Checks that memory is safe; src/index/native.ts checks the rest.
#include "hamming/binding.h"

#include <cstring>
#include <vector>

#include "hamming/registry.h"
#include "hamming/stream.h"

namespace hindra {
namespace {

constexpr size_t HASH_BYTES = 32;

Napi::Error invalid(Napi::Env env, const char *message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, "INDEX_INVALID"));
  return error;
}

Napi::Error corrupt(Napi::Env env, const char *message) {
  Napi::Error error = Napi::Error::New(env, std::string("the saved index cannot be read: ") + message);
  error.Set("code", Napi::String::New(env, "INDEX_CORRUPT"));
  return error;
}

/** Runs native work; what it throws becomes an error of JavaScript. */
template <typename Work>
auto guarded(Napi::Env env, Work work) {
  try {
    return work();
  } catch (const StreamCorrupt &error) {
    throw corrupt(env, error.what());
  } catch (const std::bad_alloc &) {
    throw Napi::Error::New(env, "there is too little memory for the index");
  } catch (const std::length_error &) {
    throw Napi::Error::New(env, "there is too little memory for the index");
  }
}

template <typename T>
struct Span {
  T *data;
  size_t count;
};

template <typename T, typename Array>
Span<T> span(const Napi::CallbackInfo &info, size_t position) {
  if (!info[position].IsTypedArray()) throw invalid(info.Env(), "a typed array is missing");
  Array array = info[position].As<Array>();
  return {array.Data(), array.ElementLength()};
}

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
    std::memcpy(query.hash, batch.hashes.data() + HASH_WORDS * i, HASH_BYTES);
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

template <typename Array, typename T>
Array copied(Napi::Env env, const std::vector<T> &values) {
  Array array = Array::New(env, values.size());
  if (!values.empty()) std::memcpy(array.Data(), values.data(), values.size() * sizeof(T));
  return array;
}

Napi::Object packed(Napi::Env env, const Found &found) {
  Napi::Object hits = Napi::Object::New(env);
  hits.Set("counts", copied<Napi::Uint32Array>(env, found.counts));
  hits.Set("labels", copied<Napi::Uint32Array>(env, found.labels));
  hits.Set("distances", copied<Napi::Uint16Array>(env, found.distances));
  return hits;
}

size_t limit_of(const Napi::Value &value) {
  const uint32_t limit = value.As<Napi::Number>().Uint32Value();
  return limit == 0 ? NO_LIMIT : limit;
}

/** hashes, radii, limit or 0, lists */
Batch batch_of(const Napi::CallbackInfo &info) {
  const auto hashes = span<uint8_t, Napi::Uint8Array>(info, 0);
  const auto radii = span<uint8_t, Napi::Uint8Array>(info, 1);
  if (hashes.count != radii.count * HASH_BYTES) throw invalid(info.Env(), "a hash is 32 bytes");
  Batch batch;
  batch.hashes.resize(radii.count * HASH_WORDS);
  if (radii.count > 0) std::memcpy(batch.hashes.data(), hashes.data, hashes.count);
  batch.radii.assign(radii.data, radii.data + radii.count);
  batch.limit = limit_of(info[2]);
  batch.lists = info[3].As<Napi::Number>().Uint32Value();
  return batch;
}

class BatchWorker : public Napi::AsyncWorker {
 public:
  BatchWorker(Napi::Env env, std::shared_ptr<Index> index, Batch batch)
      : AsyncWorker(env), deferred_(Napi::Promise::Deferred::New(env)),
        index_(std::move(index)), batch_(std::move(batch)) {}

  Napi::Promise promise() const { return deferred_.Promise(); }
  void Execute() override { found_ = run(*index_, batch_); }
  void OnOK() override { deferred_.Resolve(packed(Env(), found_)); }
  void OnError(const Napi::Error &error) override { deferred_.Reject(error.Value()); }

 private:
  Napi::Promise::Deferred deferred_;
  std::shared_ptr<Index> index_;
  Batch batch_;
  Found found_;
};

/**
 * One thread's hold on an index. A hash goes in and hits come out by an ArrayBuffer that the two
 * sides share for good: 32 bytes of hash, then labels, then distances, `capacity` of each.
 */
class HammingIndex : public Napi::ObjectWrap<HammingIndex> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "HammingIndex",
                       {InstanceMethod<&HammingIndex::add>("add"),
                        InstanceMethod<&HammingIndex::add_one>("addOne"),
                        InstanceMethod<&HammingIndex::remove>("remove"),
                        InstanceMethod<&HammingIndex::search>("search"),
                        InstanceMethod<&HammingIndex::hits>("hits"),
                        InstanceMethod<&HammingIndex::count>("count"),
                        InstanceMethod<&HammingIndex::search_all>("searchAll"),
                        InstanceMethod<&HammingIndex::search_all_async>("searchAllAsync"),
                        InstanceMethod<&HammingIndex::settle>("settle"),
                        InstanceMethod<&HammingIndex::stats>("stats"),
                        InstanceMethod<&HammingIndex::close>("close"),
                        InstanceAccessor<&HammingIndex::handle>("handle"),
                        InstanceAccessor<&HammingIndex::size>("size")});
  }

  /** exchange: ArrayBuffer, handle of an index there is already? */
  explicit HammingIndex(const Napi::CallbackInfo &info) : ObjectWrap(info) {
    if (!info[0].IsArrayBuffer()) throw invalid(info.Env(), "an ArrayBuffer is missing");
    auto exchange = info[0].As<Napi::ArrayBuffer>();
    exchange_ = Napi::Persistent(exchange);
    bytes_ = static_cast<uint8_t *>(exchange.Data());
    if (exchange.ByteLength() < HASH_BYTES) throw invalid(info.Env(), "the buffer is too small");
    capacity_ = (exchange.ByteLength() - HASH_BYTES) / (sizeof(uint32_t) + sizeof(uint16_t));
    if (info.Length() > 1 && info[1].IsNumber()) {
      shared_.handle = info[1].As<Napi::Number>().Uint32Value();
      shared_.index = open_shared_index(shared_.handle);
      if (!shared_.index) throw invalid(info.Env(), "no index has this handle any more");
    } else {
      shared_ = guarded(info.Env(), [] { return create_shared_index(); });
    }
  }

  const std::shared_ptr<Index> &open(Napi::Env env) const {
    if (!shared_.index) throw invalid(env, "the index is closed");
    return shared_.index;
  }

 private:
  /** labels, hashes, lists */
  void add(const Napi::CallbackInfo &info) {
    const auto labels = span<uint32_t, Napi::Uint32Array>(info, 0);
    const auto hashes = span<uint8_t, Napi::Uint8Array>(info, 1);
    if (hashes.count != labels.count * HASH_BYTES) throw invalid(info.Env(), "a hash is 32 bytes");
    const uint32_t lists = info[2].As<Napi::Number>().Uint32Value();
    guarded(info.Env(), [&] {
      open(info.Env())->add(labels.data, hashes.data, labels.count, lists);
    });
  }

  /** label, lists; the hash is in the exchange buffer */
  void add_one(const Napi::CallbackInfo &info) {
    const uint32_t label = info[0].As<Napi::Number>().Uint32Value();
    const uint32_t lists = info[1].As<Napi::Number>().Uint32Value();
    guarded(info.Env(), [&] { open(info.Env())->add(&label, bytes_, 1, lists); });
  }

  Napi::Value remove(const Napi::CallbackInfo &info) {
    const auto labels = span<uint32_t, Napi::Uint32Array>(info, 0);
    return guarded(info.Env(), [&] {
      const size_t removed = open(info.Env())->remove(labels.data, labels.count);
      return Napi::Number::New(info.Env(), static_cast<double>(removed));
    });
  }

  /** radius, limit or 0, lists */
  void run_one(const Napi::CallbackInfo &info) {
    Query query{{}, info[0].As<Napi::Number>().Int32Value(),
                info[2].As<Napi::Number>().Uint32Value(), limit_of(info[1])};
    std::memcpy(query.hash, bytes_, HASH_BYTES);
    guarded(info.Env(), [&] { open(info.Env())->search(query, own_hits()); });
  }

  /** How many there are; those beyond the capacity are to be had from `hits`. */
  Napi::Value search(const Napi::CallbackInfo &info) {
    run_one(info);
    Hits &hits = own_hits();
    hits.sort();
    if (hits.size() <= capacity_) {
      auto *labels = reinterpret_cast<uint32_t *>(bytes_ + HASH_BYTES);
      auto *distances = reinterpret_cast<uint16_t *>(labels + capacity_);
      for (size_t i = 0; i < hits.size(); i += 1) {
        labels[i] = hits.label(i);
        distances[i] = hits.distance(i);
      }
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
    return packed(info.Env(), found);
  }

  Napi::Value count(const Napi::CallbackInfo &info) {
    run_one(info);
    return Napi::Number::New(info.Env(), static_cast<double>(own_hits().size()));
  }

  Napi::Value search_all(const Napi::CallbackInfo &info) {
    const Batch batch = batch_of(info);
    return guarded(info.Env(), [&] { return packed(info.Env(), run(*open(info.Env()), batch)); });
  }

  Napi::Value search_all_async(const Napi::CallbackInfo &info) {
    auto *worker = new BatchWorker(info.Env(), open(info.Env()), batch_of(info));
    worker->Queue();
    return worker->promise();
  }

  Napi::Value settle(const Napi::CallbackInfo &info) {
    return Napi::Boolean::New(info.Env(), open(info.Env())->settle());
  }

  Napi::Value stats(const Napi::CallbackInfo &info) {
    const IndexStats stats = open(info.Env())->stats();
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

  Napi::Value handle(const Napi::CallbackInfo &info) {
    return Napi::Number::New(info.Env(), shared_.handle);
  }

  Napi::Value size(const Napi::CallbackInfo &info) {
    return Napi::Number::New(info.Env(), static_cast<double>(open(info.Env())->size()));
  }

  SharedIndex shared_{};
  Napi::Reference<Napi::ArrayBuffer> exchange_;
  uint8_t *bytes_ = nullptr;
  size_t capacity_ = 0;
};

const std::shared_ptr<Index> &index_of(const Napi::CallbackInfo &info) {
  if (!info[0].IsObject()) throw invalid(info.Env(), "an index is missing");
  return HammingIndex::Unwrap(info[0].As<Napi::Object>())->open(info.Env());
}

/** A snapshot of the index it is made of, piece by piece. */
class HammingWriter : public Napi::ObjectWrap<HammingWriter> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "HammingWriter", {InstanceMethod<&HammingWriter::next>("next")});
  }

  explicit HammingWriter(const Napi::CallbackInfo &info)
      : ObjectWrap(info),
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

class HammingReader : public Napi::ObjectWrap<HammingReader> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "HammingReader",
                       {InstanceMethod<&HammingReader::feed>("feed"),
                        InstanceMethod<&HammingReader::finish>("finish")});
  }

  explicit HammingReader(const Napi::CallbackInfo &info) : ObjectWrap(info) {}

 private:
  void feed(const Napi::CallbackInfo &info) {
    const auto bytes = span<uint8_t, Napi::Uint8Array>(info, 0);
    guarded(info.Env(), [&] { reader_.feed(bytes.data, bytes.count); });
  }

  /** Into an index. */
  void finish(const Napi::CallbackInfo &info) {
    guarded(info.Env(), [&] { index_of(info)->load(reader_.finish()); });
  }

  StreamReader reader_;
};

}  // namespace

void export_hamming(Napi::Env env, Napi::Object exports) {
  exports.Set("HammingIndex", HammingIndex::define(env));
  exports.Set("HammingWriter", HammingWriter::define(env));
  exports.Set("HammingReader", HammingReader::define(env));
}

}  // namespace hindra
