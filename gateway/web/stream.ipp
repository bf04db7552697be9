// Part of server.cpp: one client of /api/v1/live.
#pragma once

namespace hefang::web {
namespace {

/// Sends facts in order from `next_` on. While it is level with the journal it is fed by fact(); behind, it reads the
/// archive in small pieces, each only when the one before was sent, so that a slow client costs a bounded queue.
class Stream : public std::enable_shared_from_this<Stream> {
  public:
    Stream(Hub& hub, tcp::socket socket, std::optional<std::uint64_t> after)
        : hub_(hub), socket_(std::move(socket)), deadline_(socket_.get_executor()), after_(after) {
        hub_.streams.insert(this);
    }
    ~Stream() { hub_.streams.erase(this); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    void begin(std::string header) {
        queue_.push_back(std::make_shared<std::string>(std::move(header) + "retry: 1000\n\n"));
        next_ = after_.value_or(hub_.last) + 1;
        if (next_ > hub_.last + 1) {  // the client knows a journal that this one is not
            next_ = hub_.last + 1;
            queue_.push_back(reset_event(hub_.last));
        }
        board_due_ = health_due_ = true;
        watch_peer();
        pump();
    }

    /// A burst may fill the queue of any client; one that has not caught up a moment later does not read.
    void fact(std::uint64_t sequence, const Message& message) {
        if (!socket_.is_open()) return;
        if (sequence == next_ && queue_.size() < hub_.limits.waiting_messages) {
            queue_.push_back(message);
            next_ = sequence + 1;
        } else if (sequence == next_ || behind_since_) {
            const auto now = std::chrono::steady_clock::now();
            if (now - behind_since_.value_or(now) > hub_.limits.behind) return drop("slow-stream");
            if (!behind_since_) behind_since_ = now;
        }
        pump();
    }
    void board() {
        board_due_ = true;
        pump();
    }
    void health() {
        health_due_ = true;
        pump();
    }

    /// Ends it; `why` is counted unless empty.
    void drop(std::string_view why) {
        if (!socket_.is_open()) return;
        if (!why.empty()) hub_.refusals->add(why);
        boost::system::error_code ignored;
        socket_.close(ignored);
        deadline_.cancel();
    }

  private:
    static constexpr std::size_t archive_chunk = 32, gather = 64;

    /// Health and board only when every fact up to now is on its way: what a client was told before them is the newest,
    /// and one that still catches up cannot take an old verdict for a current one. At most one of each a write.
    void pump() {
        if (writing_ > 0 || !socket_.is_open()) return;
        if (queue_.empty()) catch_up();
        if (next_ > hub_.last) {
            if (hub_.health && std::exchange(health_due_, false)) queue_.push_back(hub_.health);
            if (hub_.board && std::exchange(board_due_, false)) queue_.push_back(hub_.board);
        }
        if (!queue_.empty() && socket_.is_open()) write();
    }

    void catch_up() {
        if (next_ > hub_.last) return behind_since_.reset();
        const auto entries = hub_.archive.facts(next_, archive_chunk);
        if (entries.empty()) return drop("archive-silent");  // the client comes back and resumes
        for (const auto& entry : entries) {
            if (entry.sequence > hub_.last) break;  // comes again by fact(), after it was announced
            queue_.push_back(fact_event(entry.sequence, entry.bytes));
            next_ = entry.sequence + 1;
        }
        if (queue_.empty()) next_ = hub_.last + 1;  // all that was left is pruned
    }

    void write() {
        std::vector<asio::const_buffer> buffers;
        for (const auto& message : queue_) {
            if (buffers.size() == gather) break;
            buffers.push_back(asio::buffer(*message));
        }
        writing_ = buffers.size();
        deadline_.expires_after(hub_.limits.write);
        deadline_.async_wait([self = shared_from_this(), turn = ++turn_](auto error) {
            if (!error && turn == self->turn_ && self->writing_ > 0) self->drop("slow-stream");
        });
        asio::async_write(socket_, buffers,
                          [self = shared_from_this()](auto error, std::size_t) { self->wrote(error); });
    }

    void wrote(boost::system::error_code error) {
        deadline_.cancel();
        queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(std::exchange(writing_, 0)));
        if (error) return drop({});
        pump();
    }

    /// Notices that the client went away; what it says is thrown away.
    void watch_peer() {
        socket_.async_read_some(asio::buffer(said_), [self = shared_from_this()](auto error, std::size_t) {
            if (error) return self->drop({});
            self->watch_peer();
        });
    }

    Hub& hub_;
    tcp::socket socket_;
    asio::steady_timer deadline_;
    const std::optional<std::uint64_t> after_;
    std::deque<Message> queue_;
    std::size_t writing_ = 0;  // how many of the queue's first are on their way
    std::uint64_t next_ = 0;   // sequence that is due
    std::uint64_t turn_ = 0;   // of the deadline: one that fired for an earlier write counts for nothing
    std::optional<std::chrono::steady_clock::time_point> behind_since_;  // since when its queue was full
    bool board_due_ = false, health_due_ = false;
    std::array<char, 256> said_{};
};

}  // namespace
}  // namespace hefang::web
