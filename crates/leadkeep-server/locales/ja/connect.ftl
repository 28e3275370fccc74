# How a client is connected.
connect-text = 古いプログラムの設定をこの 3 つの値に置き換えてください。下のプログラムはそのまま動き、オブジェクトの種類を取得して表示します。
connect-endpoint = SOAP エンドポイント
connect-key = 暗号化キー
connect-key-text = ユーザー作成時に表示されました。新しいキーは「ユーザー」で作成できます。下のプログラムは LEADKEEP_KEY から読み込みます。
connect-console = コンソール
connect-console-text = メッセージはこのユーザーとして署名され、通常どおり実行されます。変更は実際に反映されます。
connect-params = パラメーター（XML）
connect-send = 送信
connect-no-user = このユーザーは無効か、有効なキーがありません。
