# SPDX-License-Identifier: Apache-2.0
# nginx.sh - nginx. config=all (TLS 1.0 up, every suite of OpenSSL, RSA and ECDSA certificates) or
# policy (TLS 1.2, the four suites).
# shellcheck shell=bash disable=SC2034 # what is set here, server_launch reads

kind_nginx() {
	local directory=$2 port=$3 certificates=$SERVERS/certificates
	local config protocols suites second=''
	shift 3
	server_needs nginx nginx-light
	config=$(server_option config all "$@")
	case $config in
	all)
		protocols='TLSv1 TLSv1.1 TLSv1.2 TLSv1.3' suites=$SERVER_ALL
		second="ssl_certificate $certificates/ecdsa.pem;"
		second+=" ssl_certificate_key $certificates/ecdsa.key;"
		;;
	policy) protocols=TLSv1.2 suites=$SERVER_FOUR ;;
	*) server_die "no such configuration of nginx: '$config'" ;;
	esac
	cat >"$directory/nginx.conf" <<-END
		daemon off;
		worker_processes 1;
		pid $directory/nginx.pid;
		events { worker_connections 4096; }
		http {
			access_log off;
			client_body_temp_path $directory/body;
			proxy_temp_path $directory/proxy;
			fastcgi_temp_path $directory/fastcgi;
			uwsgi_temp_path $directory/uwsgi;
			scgi_temp_path $directory/scgi;
			server {
				listen 127.0.0.1:$port ssl backlog=4096;
				ssl_certificate $certificates/rsa.pem;
				ssl_certificate_key $certificates/rsa.key;
				$second
				ssl_protocols $protocols;
				ssl_ciphers $suites;
				ssl_dhparam $certificates/dh.pem;
				ssl_session_cache off;
				return 200 "ok\n";
			}
		}
	END
	command=(env OPENSSL_CONF=/dev/null nginx -p "$directory" -c "$directory/nginx.conf"
		-e "$directory/error.log")
	signal=QUIT
}
