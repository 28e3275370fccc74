# How a client is connected.
connect-text = 請將舊程式的設定換成這三個值。下列程式可直接執行：會查詢物件類型並列印出來。
connect-endpoint = SOAP 端點
connect-key = 加密金鑰
connect-key-text = 建立使用者時已顯示；可在「使用者」中建立新的金鑰。下列程式從 LEADKEEP_KEY 讀取。
connect-console = 主控台
connect-console-text = 訊息會以此使用者簽章，並像其他呼叫一樣執行。所做的變更會真正生效。
connect-params = 參數（XML）
connect-send = 傳送
connect-no-user = 此使用者已停用或沒有有效的金鑰。
