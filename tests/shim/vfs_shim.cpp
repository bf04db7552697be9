#include "shim/vfs_shim.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace hefang::test {
namespace {

/// One change since the last sync: how to undo it and how to do it again.
struct Change {
    std::int64_t at = 0;
    std::vector<char> before;  ///< bytes that were there (shorter at the end of the file)
    std::int64_t size_before = 0;
    std::vector<char> after;  ///< empty: a truncation to `at`
};

struct ShimFile {
    sqlite3_file base;  ///< must be first: SQLite sees this
    VfsShim::Disk* disk;
    std::string* path;   ///< null for files whose content needs no memory (temporary, shared memory)
    std::uint64_t life;  ///< of the disk when it was opened
    [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

}  // namespace

struct VfsShim::Disk {
    Disk(VfsShim& its_shim, std::string its_name) : shim(its_shim), name(std::move(its_name)) {}
    VfsShim& shim;
    std::string name;
    sqlite3_vfs* real = sqlite3_vfs_find(nullptr);
    sqlite3_vfs vfs{};
    std::mutex mutex;
    std::map<std::string, std::vector<Change>> unsynced;
    std::map<std::string, int> open;  ///< handles of a path
    std::uint64_t life = 1;           ///< even while the power is off
};

namespace {

ShimFile* shim_of(sqlite3_file* file) { return reinterpret_cast<ShimFile*>(file); }

}  // namespace

/// The calls that SQLite makes.
namespace calls {

bool dead(ShimFile* f) {
    const std::lock_guard lock(f->disk->mutex);
    return f->life != f->disk->life;
}

/// Counts a write or sync; true when the power goes off right here.
bool cut_here(ShimFile* f) {
    auto& shim = f->disk->shim;
    const auto n = ++shim.calls;
    if (shim.cut_at.load() != n) return false;
    shim.power_cut();
    return true;
}

int close(sqlite3_file* file) {
    auto* f = shim_of(file);
    auto& disk = *f->disk;
    const int rc = f->real()->pMethods == nullptr ? SQLITE_OK : f->real()->pMethods->xClose(f->real());
    if (f->path != nullptr) {
        const std::lock_guard lock(disk.mutex);
        --disk.open[*f->path];
        delete f->path;
        f->path = nullptr;
    }
    return rc;
}

int read(sqlite3_file* file, void* into, int size, sqlite3_int64 at) {
    auto* f = shim_of(file);
    auto& shim = f->disk->shim;
    if (dead(f)) return SQLITE_IOERR_READ;
    const auto n = ++shim.reads;
    if (n == shim.fail_read_at || shim.fail_every_read) return SQLITE_IOERR_READ;
    return f->real()->pMethods->xRead(f->real(), into, size, at);
}

/// Remembers what lies at [at, at + size) of the file before it is changed.
Change remember(ShimFile* f, std::int64_t at, std::int64_t size) {
    sqlite3_int64 size_now = 0;
    f->real()->pMethods->xFileSize(f->real(), &size_now);
    Change change{at, {}, size_now, {}};
    const auto there = std::clamp<std::int64_t>(change.size_before - at, 0, size);
    change.before.resize(static_cast<std::size_t>(there));
    if (there > 0) f->real()->pMethods->xRead(f->real(), change.before.data(), static_cast<int>(there), at);
    return change;
}

int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
    auto* f = shim_of(file);
    auto& disk = *f->disk;
    auto& shim = disk.shim;
    if (dead(f)) return SQLITE_IOERR_WRITE;
    const auto n = ++shim.writes;
    if (n == shim.fail_write_at || shim.fail_every_write)
        return shim.failures_say_full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    if (shim.size_limit >= 0 && at + size > shim.size_limit) return SQLITE_FULL;
    if (f->path != nullptr) {
        Change change = remember(f, at, size);
        change.after.assign(static_cast<const char*>(from), static_cast<const char*>(from) + size);
        const std::lock_guard lock(disk.mutex);
        disk.unsynced[*f->path].push_back(std::move(change));
    }
    if (cut_here(f)) return SQLITE_IOERR_WRITE;  // a part of this write may be on the disk
    return f->real()->pMethods->xWrite(f->real(), from, size, at);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    auto* f = shim_of(file);
    auto& disk = *f->disk;
    auto& shim = disk.shim;
    if (dead(f)) return SQLITE_IOERR_TRUNCATE;
    const auto n = ++shim.writes;
    if (cut_here(f)) return SQLITE_IOERR_TRUNCATE;
    if (n == shim.fail_write_at || shim.fail_every_write) return SQLITE_IOERR_TRUNCATE;
    if (f->path != nullptr) {
        sqlite3_int64 now = 0;
        f->real()->pMethods->xFileSize(f->real(), &now);
        Change change = remember(f, size, std::max<sqlite3_int64>(now - size, 0));
        const std::lock_guard lock(disk.mutex);
        disk.unsynced[*f->path].push_back(std::move(change));
    }
    return f->real()->pMethods->xTruncate(f->real(), size);
}

int sync(sqlite3_file* file, int flags) {
    auto* f = shim_of(file);
    auto& disk = *f->disk;
    auto& shim = disk.shim;
    if (dead(f)) return SQLITE_IOERR_FSYNC;
    const auto n = ++shim.syncs;
    if (cut_here(f)) return SQLITE_IOERR_FSYNC;
    if (const auto wait = shim.sync_delay_ms.load(); wait > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(wait));
    if (n == shim.fail_sync_at || shim.fail_every_sync)
        return shim.failures_say_full ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
    const int rc = f->real()->pMethods->xSync(f->real(), flags);
    if (rc == SQLITE_OK && f->path != nullptr) {
        const std::lock_guard lock(disk.mutex);
        disk.unsynced.erase(*f->path);
    }
    return rc;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    auto* f = shim_of(file);
    return dead(f) ? SQLITE_IOERR_FSTAT : f->real()->pMethods->xFileSize(f->real(), size);
}
int lock(sqlite3_file* f, int level) { return shim_of(f)->real()->pMethods->xLock(shim_of(f)->real(), level); }
int unlock(sqlite3_file* f, int level) { return shim_of(f)->real()->pMethods->xUnlock(shim_of(f)->real(), level); }
int reserved(sqlite3_file* f, int* out) {
    return shim_of(f)->real()->pMethods->xCheckReservedLock(shim_of(f)->real(), out);
}
int control(sqlite3_file* f, int op, void* arg) {
    // Size hints would change the file behind our back, and a chunked file has bytes that no write made.
    if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_OK;
    return shim_of(f)->real()->pMethods->xFileControl(shim_of(f)->real(), op, arg);
}
int sector(sqlite3_file* f) { return shim_of(f)->real()->pMethods->xSectorSize(shim_of(f)->real()); }
int traits(sqlite3_file* f) { return shim_of(f)->real()->pMethods->xDeviceCharacteristics(shim_of(f)->real()); }
int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
    return shim_of(f)->real()->pMethods->xShmMap(shim_of(f)->real(), page, size, extend, out);
}
int shm_lock(sqlite3_file* f, int offset, int n, int flags) {
    return shim_of(f)->real()->pMethods->xShmLock(shim_of(f)->real(), offset, n, flags);
}
void shm_barrier(sqlite3_file* f) { shim_of(f)->real()->pMethods->xShmBarrier(shim_of(f)->real()); }
int shm_unmap(sqlite3_file* f, int remove) {
    return shim_of(f)->real()->pMethods->xShmUnmap(shim_of(f)->real(), remove);
}

/// Version 2: no memory-mapped reads and writes, which would pass us by.
const sqlite3_io_methods methods = {2,        close,       read,      write,   truncate, sync,   file_size,
                                    lock,     unlock,      reserved,  control, sector,   traits, shm_map,
                                    shm_lock, shm_barrier, shm_unmap, nullptr, nullptr};

VfsShim::Disk& disk_of(sqlite3_vfs* vfs) { return *static_cast<VfsShim::Disk*>(vfs->pAppData); }

int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out) {
    auto* f = shim_of(file);
    auto& disk = disk_of(vfs);
    f->base.pMethods = nullptr;
    f->disk = &disk;
    f->path = nullptr;
    {
        const std::lock_guard guard(disk.mutex);
        if (disk.life % 2 == 0) return SQLITE_CANTOPEN;
        f->life = disk.life;
    }
    f->real()->pMethods = nullptr;
    const int rc = disk.real->xOpen(disk.real, path, f->real(), flags, out);
    if (rc != SQLITE_OK) return rc;
    f->base.pMethods = &methods;
    if (path != nullptr && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0) {
        f->path = new std::string(path);
        const std::lock_guard guard(disk.mutex);
        ++disk.open[*f->path];
    }
    return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* path, int sync_dir) {
    auto& disk = disk_of(vfs);
    {
        const std::lock_guard guard(disk.mutex);
        if (disk.life % 2 == 0) return SQLITE_IOERR_DELETE;
        disk.unsynced.erase(path);
    }
    return disk.real->xDelete(disk.real, path, sync_dir);
}
int exists(sqlite3_vfs* vfs, const char* path, int flags, int* out) {
    auto* real = disk_of(vfs).real;
    return real->xAccess(real, path, flags, out);
}
int full_path(sqlite3_vfs* vfs, const char* path, int size, char* out) {
    auto* real = disk_of(vfs).real;
    return real->xFullPathname(real, path, size, out);
}
int randomness(sqlite3_vfs* vfs, int size, char* out) {
    auto* real = disk_of(vfs).real;
    return real->xRandomness(real, size, out);
}
int sleep(sqlite3_vfs* vfs, int us) {
    auto* real = disk_of(vfs).real;
    return real->xSleep(real, us);
}
int current_time(sqlite3_vfs* vfs, double* out) {
    auto* real = disk_of(vfs).real;
    return real->xCurrentTime(real, out);
}
int current_time64(sqlite3_vfs* vfs, sqlite3_int64* out) {
    auto* real = disk_of(vfs).real;
    return real->xCurrentTimeInt64(real, out);
}
int last_error(sqlite3_vfs* vfs, int size, char* out) {
    auto* real = disk_of(vfs).real;
    return real->xGetLastError(real, size, out);
}

void put(int fd, const std::vector<char>& bytes, std::size_t count, std::int64_t at) {
    for (std::size_t done = 0; done < count;) {
        const auto n = ::pwrite(fd, bytes.data() + done, count - done, at + static_cast<std::int64_t>(done));
        if (n <= 0) std::abort();  // the test cannot say anything about a disk that it cannot write
        done += static_cast<std::size_t>(n);
    }
}
void cut(int fd, std::int64_t size) {
    if (::ftruncate(fd, size) != 0) std::abort();
}

/// Plays `changes` of one file back, then does some of them again: each not at all, whole, or its first half.
void roll_back(const std::string& path, const std::vector<Change>& changes, std::mt19937_64* keep) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) return;  // deleted meanwhile
    for (auto it = changes.rbegin(); it != changes.rend(); ++it) {
        put(fd, it->before, it->before.size(), it->at);
        cut(fd, it->size_before);
    }
    for (const auto& change : changes) {
        const auto part = keep == nullptr ? 0 : (*keep)() % 3;
        if (part == 0) continue;
        if (change.after.empty())
            cut(fd, change.at);
        else
            put(fd, change.after, part == 1 ? change.after.size() : change.after.size() / 2, change.at);
    }
    ::close(fd);
}

}  // namespace calls

VfsShim::VfsShim(std::string name) : disk_(std::make_unique<Disk>(*this, std::move(name))) {
    auto& vfs = disk_->vfs;
    vfs.iVersion = 2;
    vfs.szOsFile = static_cast<int>(sizeof(ShimFile)) + disk_->real->szOsFile;
    vfs.mxPathname = disk_->real->mxPathname;
    vfs.zName = disk_->name.c_str();
    vfs.pAppData = disk_.get();
    vfs.xOpen = calls::open, vfs.xDelete = calls::remove, vfs.xAccess = calls::exists;
    vfs.xFullPathname = calls::full_path, vfs.xRandomness = calls::randomness, vfs.xSleep = calls::sleep;
    vfs.xCurrentTime = calls::current_time, vfs.xCurrentTimeInt64 = calls::current_time64;
    vfs.xGetLastError = calls::last_error;
    sqlite3_vfs_register(&vfs, 0);
}

VfsShim::~VfsShim() { sqlite3_vfs_unregister(&disk_->vfs); }

const std::string& VfsShim::name() const { return disk_->name; }

void VfsShim::reset() {
    sync_delay_ms = 0, fail_sync_at = 0, fail_write_at = 0, fail_read_at = 0, fail_every_read = false,
    fail_every_sync = false, fail_every_write = false;
    failures_say_full = false, size_limit = -1, cut_at = 0, keep_seed = 0, syncs = 0, writes = 0, reads = 0, calls = 0;
}

void VfsShim::power_cut() {
    std::map<std::string, std::vector<Change>> unsynced;
    {
        const std::lock_guard lock(disk_->mutex);
        if (disk_->life % 2 == 0) return;
        ++disk_->life;
        unsynced.swap(disk_->unsynced);
    }
    std::mt19937_64 random(keep_seed);
    for (const auto& [path, changes] : unsynced) calls::roll_back(path, changes, keep_seed == 0 ? nullptr : &random);
}

void VfsShim::power_on() {
    const std::lock_guard lock(disk_->mutex);
    if (disk_->life % 2 == 0) ++disk_->life;
}

bool VfsShim::powered() const {
    const std::lock_guard lock(disk_->mutex);
    return disk_->life % 2 != 0;
}

}  // namespace hefang::test
