// Part of server.cpp: one client that asks and is answered.
#pragma once

namespace hefang::web {
namespace {

std::string_view view(boost::string_view text) { return {text.data(), text.size()}; }

/// Reads a header, answers, and again; never reads a body. Each step has a deadline. Ends itself when it is over.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(Hub& hub, tcp::socket socket)
        : hub_(hub),
          socket_(std::move(socket)),
          deadline_(socket_.get_executor()),
          buffer_(2 * hub.limits.header_bytes) {
        hub_.connections.insert(this);
    }
    ~Connection() { hub_.connections.erase(this); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void read() {
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(hub_.limits.header_bytes));
        parser_->body_limit(boost::none);  // a body of any length is refused by its header
        late_ = false;
        within(hub_.limits.request, [this] {
            late_ = true;
            boost::system::error_code ignored;
            socket_.cancel(ignored);
        });
        http::async_read_header(socket_, buffer_, *parser_,
                                [self = shared_from_this()](auto error, std::size_t) { self->has_read(error); });
    }

    /// Answers without having read anything, and closes.
    void turn_away(std::string_view why, std::string_view detail) { refuse(503, why, detail); }

    void close() {
        boost::system::error_code ignored;
        socket_.close(ignored);
        deadline_.cancel();
    }

  private:
    void has_read(boost::system::error_code error) {
        ++turn_;
        if (late_ && error) {
            const bool silent = buffer_.size() == 0 && !parser_->got_some();
            return silent ? close() : refuse(408, "slow-request", "the header did not come in time");
        }
        if (error == http::error::header_limit || error == http::error::buffer_overflow) {
            return refuse(431, "long-header", "the header is longer than 16 KiB");
        }
        if (error == http::error::end_of_stream ||
            error.category() != http::make_error_code(http::error::bad_method).category()) {
            if (error) return close();
        }
        if (error) return refuse(400, "bad-request", error.message());
        answer();
    }

    void answer() {
        const auto& header = parser_->get();
        Request request;
        request.method = view(header.method_string());
        request.target = view(header.target());
        for (const auto& field : header) {
            if (field.name() == http::field::host) request.hosts.push_back(view(field.value()));
            if (field.name() == http::field::origin) request.origins.push_back(view(field.value()));
        }
        request.if_none_match = view(header[http::field::if_none_match]);
        request.last_event_id = view(header["Last-Event-ID"]);
        request.fetch_site = view(header["Sec-Fetch-Site"]);
        request.fetch_mode = view(header["Sec-Fetch-Mode"]);
        request.gzip = view(header[http::field::accept_encoding]).find("gzip") != std::string_view::npos;
        request.body = parser_->chunked() || parser_->content_length().value_or(0) > 0;
        keep_ = header.keep_alive() && !request.body && request.method != "CONNECT";
        head_ = request.method == "HEAD";
        hub_.routes.occupancy(hub_.occupied(), hub_.streams.size());
        auto response = hub_.routes.answer(request);
        if (response.live && !head_) return live(std::move(response));
        keep_ = keep_ && response.status < 400;
        send(std::move(response));
    }

    void live(Response response) {
        if (hub_.streams.size() >= hub_.limits.streams) return refuse(503, "streams-full", "too many event streams");
        deadline_.cancel();
        const auto stream = std::make_shared<Stream>(hub_, std::move(socket_), response.live_after);
        stream->begin(header_text(response, 0, true));
    }

    void refuse(int status, std::string_view code, std::string_view detail) {
        keep_ = false;
        send(hub_.routes.counted(refusal(status, code, detail)));
    }

    void send(Response response) {
        response_ = std::move(response);
        const std::string_view body =
            response_.embedded.empty() ? std::string_view(response_.body) : response_.embedded;
        header_ = header_text(response_, body.size(), keep_);
        std::vector<asio::const_buffer> buffers{asio::buffer(header_)};
        if (!head_ && response_.status != 304) buffers.push_back(asio::buffer(body.data(), body.size()));
        within(hub_.limits.write, [this] {
            hub_.refusals->add("slow-reader");
            close();
        });
        asio::async_write(socket_, buffers, [self = shared_from_this()](auto error, std::size_t) {
            ++self->turn_;
            if (error) return self->close();
            self->keep_ ? self->read() : self->linger();
        });
    }

    /// Reads on for a moment after the last answer: closing over unread bytes would reset it away.
    void linger() {
        boost::system::error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
        buffer_.clear();
        within(linger_limit, [this] { close(); });
        drain(0);
    }
    void drain(std::size_t so_far) {
        if (so_far > 8 * hub_.limits.header_bytes) return close();
        socket_.async_read_some(asio::buffer(rest_), [self = shared_from_this(), so_far](auto error, std::size_t n) {
            if (error) return self->close();
            self->drain(so_far + n);
        });
    }

    /// Runs `then` unless the step is over by then.
    template <class Then>
    void within(std::chrono::milliseconds limit, Then then) {
        deadline_.expires_after(limit);
        deadline_.async_wait([self = shared_from_this(), turn = ++turn_, then](auto error) {
            if (!error && turn == self->turn_) then();
        });
    }

    static constexpr std::chrono::milliseconds linger_limit{500};

    Hub& hub_;
    tcp::socket socket_;
    asio::steady_timer deadline_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::empty_body>> parser_;
    Response response_;
    std::string header_;
    std::uint64_t turn_ = 0;
    bool late_ = false, keep_ = false, head_ = false;
    std::array<char, 4096> rest_{};
};

}  // namespace
}  // namespace hefang::web
